import type { Snapshot } from '../../../registry/snapshot.ts'
import type { SampleBook } from '../samples.ts'
import { listMetrics } from './measured-metrics.ts'

/** What is told of metrics until the first look is over. `now` is milliseconds since 1970. */
export function toPendingSamples(snapshot: Snapshot, now: number): SampleBook {
  const pending = { at: now, value: null, reason: 'it is being measured' } as const
  return new Map(listMetrics(snapshot).map(({ id }) => [`metric/${id}`, [pending]]))
}
