import type { detectedChanges } from './change-kinds.ts'
import type { DetectedRecord, Editor, EditRecord, LatencyRecord } from './journal.ts'

/** One change of one entry, as `changes` and the API show it. */
export type JournalChange =
  | {
      /** ISO 8601, UTC. */
      readonly time: string
      readonly kind: 'edit'
      readonly ref: string
      readonly change: 'added' | 'changed' | 'removed'
      readonly by: Editor
      /** First keys of what changed inside the entry. */
      readonly fields: readonly string[]
      /** Id of the token of a write over HTTP; null otherwise. */
      readonly token: string | null
    }
  | {
      readonly time: string
      readonly kind: 'detected'
      readonly ref: string
      readonly change: DetectedChange
      readonly from: string | null
      readonly to: string | null
    }

type DetectedChange = (typeof detectedChanges)[number]

export interface ChangeFilter {
  /** Milliseconds since 1970. */
  readonly since?: number | undefined
  readonly kind?: JournalChange['kind'] | undefined
  readonly ref?: string | undefined
  /** Whether the caller may see changes of a ref; all by default. */
  readonly isReadable?: (ref: string) => boolean
}

/** The changes that the records of a journal hold, the newest first. */
export function listChanges(
  records: readonly (EditRecord | DetectedRecord)[],
  { since = 0, kind, ref, isReadable = () => true }: ChangeFilter,
): JournalChange[] {
  return records
    .filter(record => Date.parse(record.time) >= since && (kind === undefined || record.kind === kind))
    .reverse()
    .flatMap(record => (record.kind === 'edit' ? toEdits(record) : toDetected(record)))
    .filter(change => (ref === undefined || change.ref === ref) && isReadable(change.ref))
}

function toEdits({ time, by, token = null, changes }: EditRecord): JournalChange[] {
  return changes.map(({ ref, change, fields = [] }) => ({
    time,
    kind: 'edit',
    ref,
    change,
    by,
    fields,
    token,
  }))
}

function toDetected({ time, changes }: DetectedRecord): JournalChange[] {
  const known = new Set(changes.filter(({ field }) => field === 'status').map(({ ref }) => ref))
  return changes
    .filter(({ ref, field }) => field === 'status' || !known.has(ref))
    .map(({ ref, field, from, to }) => ({
      time,
      kind: 'detected',
      ref,
      change: field === 'status' ? toStatusChange(from, to) : field,
      from,
      to,
    }))
}

const isHere = (status: string | null) => status === 'present' || status === 'broken'

function toStatusChange(from: string | null, to: string | null): DetectedChange {
  if (to === 'up' || to === 'down') return to
  if (to === 'broken') return 'broke'
  if (to === 'present') return from === 'broken' ? 'repaired' : 'came'
  return to === 'absent' && isHere(from) ? 'went' : 'status'
}

/** Since when something has the status that it has, by ref, milliseconds since 1970: as far as the journal knows. */
export function listStatusTimes(
  records: readonly (EditRecord | DetectedRecord)[],
): ReadonlyMap<string, number> {
  return new Map(
    records.flatMap(record =>
      record.kind === 'edit'
        ? []
        : record.changes
            .filter(({ field }) => field === 'status')
            .map(({ ref }) => [ref, Date.parse(record.time)] as const),
    ),
  )
}

/** Response times of one service, provider or runtime in milliseconds; undefined when none were recorded. */
export function summarizeLatencies(
  records: readonly LatencyRecord[],
  ref: string,
): { readonly count: number; readonly median: number; readonly slowest: number } | undefined {
  const all = records
    .flatMap(({ latencies }) => Object.entries(latencies).filter(([name]) => name === ref))
    .map(([, ms]) => ms)
    .sort((left, right) => left - right)
  const [median, slowest] = [all[Math.floor((all.length - 1) / 2)], all.at(-1)]
  if (median === undefined || slowest === undefined) return undefined
  return { count: all.length, median, slowest }
}
