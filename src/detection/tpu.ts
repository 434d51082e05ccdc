import type { Probe } from './probe.ts'
import { surveyTpus } from './tpu/survey.ts'
import { toTpuFinding } from './tpu/to-finding.ts'

/**
 * Looks for tensor processing units: chips of a Google Cloud TPU machine, and Coral Edge TPUs. The kernel's files
 * say it all; nothing is started. Details: `type`, `count` and `chips`.
 */
export const tpuProbe: Probe = {
  kind: 'tpu',
  detect: async (_target, { host }) => toTpuFinding(await surveyTpus(host), host.env.TPU_NAME),
}
