import type { Host } from '../../platform/host.ts'
import { type DashboardItem, listDashboardItems } from '../../registry/dashboard-items.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import type { Amount, GpuReading } from './dashboard-view.ts'

/** One way of measuring: answers with what it measured, by name as in `SampleBook`. Never rejects, and keeps a deadline. */
export type Measure = (snapshot: Snapshot) => Promise<ReadonlyMap<string, MetricSample>>

export interface Sampler {
  /** What was measured so far. */
  readonly samples: () => SampleBook
  /** Measures once more, of all of a home. Who asks meanwhile gets the same. */
  readonly measure: (snapshot: Snapshot) => Promise<SampleBook>
}

/** Most samples kept of a metric: ten minutes, one in five seconds. */
const mostSamples = 120

/** Keeps what is measured again and again, a bounded number of each metric. */
export function createSampler(measures: readonly Measure[], { clock }: Pick<Host, 'clock'>): Sampler {
  let book: SampleBook = new Map()
  let measuring: Promise<SampleBook> | undefined
  const measureOnce = async (snapshot: Snapshot) => {
    const found = await Promise.all(measures.map(measure => measure(snapshot)))
    book = extend(book, new Map(found.flatMap(samples => [...samples])), clock.now())
    return book
  }
  return {
    samples: () => book,
    measure: snapshot => {
      measuring ??= measureOnce(snapshot).finally(() => {
        measuring = undefined
      })
      return measuring
    },
  }
}

// What was not measured this time leaves a gap; what has not been measured for as long as is kept is forgotten.
function extend(book: SampleBook, found: ReadonlyMap<string, MetricSample>, now: number): SampleBook {
  const names = new Set([...book.keys(), ...found.keys()])
  const gap: MetricSample = { at: now, value: null, reason: 'it was not measured this time' }
  const extended = [...names].map(name => {
    const sample = toFinite(found.get(name) ?? gap)
    const samples = [...(book.get(name) ?? []), sample].slice(-mostSamples)
    return [name, samples] as const
  })
  return new Map(
    extended.filter(
      ([name, samples]) =>
        found.has(name) || samples.some(({ value }) => value !== null) || samples.length < mostSamples,
    ),
  )
}

// JSON has no NaN: where the system reports nonsense, there is no value.
function toFinite(sample: MetricSample): MetricSample {
  const { at, value, amount } = sample
  const numbers = [value ?? 0, amount?.used_bytes ?? 0, amount?.total_bytes ?? 0]
  return numbers.every(Number.isFinite)
    ? sample
    : { at, value: null, reason: 'what was measured is no number' }
}

/** One measurement of a metric or a GPU. */
export type MetricSample = {
  readonly at: number
  /** What a share is of, where it is one of bytes. */
  readonly amount?: Amount
  /** Of a sample that is one of a GPU; its value is how busy that is, in per cent. */
  readonly gpu?: GpuFacts
} & (
  | { readonly value: number }
  /** Why there is none, a sentence. */
  | { readonly value: null; readonly reason: string }
)

/** A GPU as it was measured. */
export type GpuFacts = Omit<GpuReading, 'history' | 'read_at'>

/** Samples by what was measured, the oldest first: `metric/cpu_usage`, `cluster/pod_count` of the cluster, or `gpu/ID`. */
export type SampleBook = ReadonlyMap<string, readonly MetricSample[]>

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
