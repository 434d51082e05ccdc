import type { Snapshot } from '../../core/snapshot.ts'
import { listMetrics } from './measures/measured-metrics.ts'
import type { SampleBook } from './samples.ts'

/** What is told of metrics until the first look is over. `now` is milliseconds since 1970. */
export function toPendingSamples(snapshot: Snapshot, now: number): SampleBook {
  const pending = { at: now, value: null, reason: 'it is being measured' } as const
  return new Map(listMetrics(snapshot).map(({ id }) => [`metric/${id}`, [pending]]))
}
