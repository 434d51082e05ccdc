import type { SyncReport } from '../detection/report.ts'
import { errorMessage, NexusError } from '../lib/errors.ts'
import type { UserFilesHost } from '../platform/host.ts'
import type { FileChange } from '../registry/home/update-home.ts'
import { withoutDetected } from '../registry/load/load-snapshot.ts'
import { subRegistryNames } from '../registry/schema/names.ts'
import { type ChangedFile, type TextChange, toChangedFile, toEntryChanges } from './entry-changes.ts'
import { addRecord, type EditRecord, findLastLatency, type JournalRecord, loadJournal } from './journal.ts'

/** Records a write of this program into a home. Returns a sentence when the journal could not be written. */
export function recordWrites(
  home: string,
  written: Pick<EditRecord, 'by' | 'token'>,
  changes: readonly FileChange[],
  host: UserFilesHost,
): Promise<readonly string[]> {
  const files = changes.map(({ name, before, after }) =>
    toChangedFile({ name, before: before?.text, after: after.text }, host),
  )
  return recordEdit(home, written, files, host)
}

/** Records an edit. Returns a sentence when the journal could not be written. */
export async function recordEdit(
  home: string,
  edit: Pick<EditRecord, 'by' | 'id' | 'token'>,
  files: readonly ChangedFile[],
  host: UserFilesHost,
): Promise<readonly string[]> {
  // The entries themselves come before what belongs to them.
  const order = [...subRegistryNames, 'dashboard', 'hyper']
  const sorted = files.toSorted((left, right) => order.indexOf(left.name) - order.indexOf(right.name))
  const changes = sorted.flatMap(toEntryChanges)
  if (changes.length === 0) return []
  return record(home, { kind: 'edit', time: toTime(host), ...edit, changes }, host)
}

/**
 * Records what was changed in files since an earlier sync, except what this program recorded itself. `since` is when that
 * sync was, milliseconds since 1970.
 */
export async function recordFileEdits(
  home: string,
  changes: readonly (TextChange & { readonly before: string; readonly since: number })[],
  host: UserFilesHost,
): Promise<readonly string[]> {
  // A sync changes files too. Comparing them in detail takes longer than this.
  const edited = changes.filter(
    ({ name, before, after }) =>
      name === 'hyper' || name === 'dashboard' || withoutDetected(before) !== withoutDetected(after),
  )
  const found = edited.flatMap(change => toEntryChanges(toChangedFile(change, host)))
  if (found.length === 0) return []
  const since = Math.min(...edited.map(change => change.since))
  const records = await loadJournal(home, host)
  const known = new Map(
    records.flatMap(each =>
      each.kind === 'edit' && Date.parse(each.time) >= since
        ? each.changes.map(({ ref, hash = null }) => [ref, hash] as const)
        : [],
    ),
  )
  const own = found.filter(({ ref, hash = null }) => known.get(ref) !== hash || !known.has(ref))
  if (own.length === 0) return []
  return record(home, { kind: 'edit', time: toTime(host), by: 'file', changes: own }, host)
}

/** How often response times are recorded at most, in milliseconds. */
const latencyEveryMs = 10 * 60 * 1000

/** Records what a sync found out, and now and then how fast services and providers respond. */
export async function recordDetections(
  home: string,
  { changes, timings = [] }: Pick<SyncReport, 'changes' | 'timings'>,
  host: UserFilesHost,
): Promise<readonly string[]> {
  // The first detection of an entry is no change.
  const found = changes.filter(({ from, to }) => from !== null && from !== to)
  const notes =
    found.length === 0
      ? []
      : await record(home, { kind: 'detected', time: toTime(host), changes: found }, host)
  const measured = timings.filter(
    ({ probe }) => probe === 'health' || probe === 'address' || probe === 'runtime',
  )
  if (measured.length === 0) return notes
  const last = await findLastLatency(home, host)
  if (last !== undefined && Math.abs(host.clock.now() - last) < latencyEveryMs) return notes
  const latencies = Object.fromEntries(measured.map(({ ref, duration_ms }) => [ref, duration_ms]))
  return [...notes, ...(await record(home, { kind: 'latency', time: toTime(host), latencies }, host))]
}

async function record(home: string, entry: JournalRecord, host: UserFilesHost): Promise<readonly string[]> {
  try {
    await addRecord(home, entry, host)
    return []
  } catch (error) {
    if (!(error instanceof NexusError) || error.code === 'interrupted') throw error
    return [`The journal was not written: ${errorMessage(error)}`]
  }
}

function toTime({ clock }: Pick<UserFilesHost, 'clock'>): string {
  return new Date(clock.now()).toISOString()
}
