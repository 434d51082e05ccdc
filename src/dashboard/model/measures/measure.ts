import type { Host } from '../../../platform/host.ts'
import { type DashboardItem, listDashboardItems } from '../../../registry/dashboard-items.ts'
import type { RegistryHome } from '../../../registry/home/directories.ts'
import type { Snapshot } from '../../../registry/snapshot.ts'
import type { Measure, SampleBook } from '../sampler.ts'

/** A value in the unit that an entry names, or a sentence that says why not. */
export type InUnit = { readonly value: number } | { readonly value: null; readonly reason: string }

/** A share of a whole, from 0 to 1: in per cent, or without a unit as it is. */
export function toShare(share: number, unit: string | undefined): InUnit {
  if (unit === '%') return { value: share * 100 }
  if (unit === undefined || unit === 'ratio') return { value: share }
  return { value: null, reason: `it is a share of a whole: its unit is % or none, and not ${unit}` }
}

const bytes: Readonly<Record<string, number>> = {
  'B/s': 1,
  'kB/s': 1e3,
  'KB/s': 1e3,
  'MB/s': 1e6,
  'GB/s': 1e9,
  'KiB/s': 2 ** 10,
  'MiB/s': 2 ** 20,
  'GiB/s': 2 ** 30,
  'bit/s': 1 / 8,
  'kbit/s': 1e3 / 8,
  'Mbit/s': 1e6 / 8,
  'Gbit/s': 1e9 / 8,
}

/** Bytes a second. */
export function toRate(bytesPerSecond: number, unit: string | undefined): InUnit {
  const name = unit ?? 'MB/s'
  const size = Object.hasOwn(bytes, name) ? bytes[name] : undefined
  if (size !== undefined) return { value: bytesPerSecond / size }
  return { value: null, reason: `it is measured in MB/s and the like, and not in ${unit}` }
}

export interface MeasureRequest {
  readonly home: RegistryHome
  /** Whether what is beyond this machine may be asked, like a cluster. */
  readonly isDeep: boolean
  /** How long after its first sample a rate takes the second one, in milliseconds. Without it, the next regular sample is the second. */
  readonly firstPauseMs?: number
}

/** Makes one way of measuring, which may remember what it saw the last time. */
export type CreateMeasure = (request: MeasureRequest, host: Host) => Measure

/** The samples until the first measurement has ended. `now` is milliseconds since 1970. */
export function toPendingSamples(snapshot: Snapshot, now: number): SampleBook {
  const pending = { at: now, value: null, reason: 'it is being measured' } as const
  return new Map(listMetrics(snapshot).map(({ id }) => [`metric/${id}`, [pending]]))
}

type MetricItem = Extract<DashboardItem, { section: 'metrics' }>

/** The metrics of the dashboard registry. Of an id that stands in both groups the first counts, as it does on cards. */
export function listMetrics(snapshot: Snapshot): MetricItem[] {
  const items = listDashboardItems(snapshot).filter(item => item.section === 'metrics')
  return items.filter(({ id }, index) => items.findIndex(other => other.id === id) === index)
}

/** Those that this machine is measured for: a source says otherwise. */
export function listMeasuredMetrics(snapshot: Snapshot): MetricItem[] {
  return listMetrics(snapshot).filter(({ entry }) => entry.source === undefined)
}
