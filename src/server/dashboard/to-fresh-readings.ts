import type { FreshReading, FreshReadings } from '../../dashboard/model/fresh-readings.ts'
import type { Reading } from '../../dashboard/model/reading.ts'
import type { SampleBook } from '../../dashboard/model/samples.ts'
import { toDashboard } from '../../dashboard/model/to-dashboard.ts'
import type { Snapshot } from '../../registry/snapshot.ts'

/** What a measuring has found, of what a snapshot shows; undefined when that is nothing new. */
export function toFreshReadings(
  snapshot: Snapshot,
  { before, after }: { readonly before: SampleBook; readonly after: SampleBook },
): FreshReadings | undefined {
  const known = new Map(listReadings(snapshot, before).map(each => [toKey(each), each]))
  const readings = listReadings(snapshot, after).filter(each => isNews(each, known.get(toKey(each))))
  return readings.length === 0 ? undefined : { readings }
}

function listReadings(snapshot: Snapshot, samples: SampleBook): FreshReading[] {
  const { sections } = toDashboard({ snapshot, samples, variables: [], now: 0 })
  return sections.flatMap(({ cards }) =>
    cards.flatMap(({ ref, readings }) => readings.map(reading => toFresh(ref, reading))),
  )
}

function toFresh(ref: string, { id, value, level, reason, read_at }: Reading): FreshReading {
  return { ref, id, value, level, reason, read_at }
}

function toKey({ ref, id }: FreshReading): string {
  return `${ref}\0${id}`
}

// A line over time wants every value. That there is still none, for the same reason, is no news.
function isNews(now: FreshReading, before: FreshReading | undefined): boolean {
  if (now.read_at === before?.read_at) return false
  return now.value !== null || before?.value !== null || now.reason !== before.reason
}
