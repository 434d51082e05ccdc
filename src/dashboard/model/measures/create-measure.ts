import type { Host } from '../../../platform/host.ts'
import type { RegistryHome } from '../../../registry/home/home.ts'
import type { Measure } from '../sampler.ts'

export interface MeasureRequest {
  readonly home: RegistryHome
  /** Whether what is beyond this machine may be asked, like a cluster. */
  readonly isDeep: boolean
  /** How long after its first look a rate is looked at again at once, in milliseconds; without it the next look has it. */
  readonly firstPauseMs?: number
}

/** Makes one way of measuring, which may remember what it saw the last time. */
export type CreateMeasure = (request: MeasureRequest, host: Host) => Measure
