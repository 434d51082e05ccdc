import type { Host } from '../../platform/host.ts'
import type { Snapshot } from '../../registry/snapshot.ts'

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
    const samples = [...(book.get(name) ?? []), found.get(name) ?? gap].slice(-mostSamples)
    return [name, samples] as const
  })
  return new Map(
    extended.filter(
      ([, samples]) => samples.some(({ value }) => value !== null) || samples.length < mostSamples,
    ),
  )
}

/** One look at a metric. */
export type MetricSample = { readonly at: number } & (
  | { readonly value: number }
  /** Why there is none, a sentence. */
  | { readonly value: null; readonly reason: string }
)

/** Samples by what was measured, the oldest first: `metric/cpu_usage`, or `cluster/pod_count` of the cluster. */
export type SampleBook = ReadonlyMap<string, readonly MetricSample[]>
