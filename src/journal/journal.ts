import { isJsonObject } from '../lib/json/json-value.ts'
import { limits } from '../lib/limits.ts'
import type { UserFilesHost } from '../platform/host.ts'
import { stateDirectory, storedName } from '../registry/home/directories.ts'
import { appendToLog, type LineLog, readLogLines } from '../registry/home/line-log.ts'
import type { Ref } from '../registry/refs.ts'

/** Commands that change entries of a home. `undo` reverts the others. */
export type EditCommand = 'add' | 'edit' | 'remove' | 'rename' | 'import' | 'upgrade' | 'undo'

/**
 * What changed an entry: a command, `validate --fix`, a write over HTTP, an upstream, or somebody who edited the file.
 */
export type Editor = EditCommand | 'fix' | 'http' | 'upstream' | 'file'

/** A changed entry. Parts of the hyper and the dashboard registry are named by their first keys: `hyper/edges`. */
export interface EntryChange {
  readonly ref: string
  readonly change: 'added' | 'changed' | 'removed'
  /** First keys of what changed inside; none of an entry that was added or removed. */
  readonly fields?: readonly string[]
  /** Of the entry after the change, see `hashEntry`; absent of one that was removed. */
  readonly hash?: string
}

/** Entries that were changed together. */
export interface EditRecord {
  readonly kind: 'edit'
  /** ISO 8601, UTC. */
  readonly time: string
  readonly by: Editor
  /** Id of the undo data; absent of what `undo` does not revert. */
  readonly id?: string
  /** Id of the token of a write over HTTP; null without one. */
  readonly token?: string | null
  readonly changes: readonly EntryChange[]
  /** How many changes there were, where not all are kept. */
  readonly total?: number
}

/** What a sync found out: something came, went, broke, or has another version. */
export interface DetectedRecord {
  readonly kind: 'detected'
  readonly time: string
  readonly changes: readonly {
    readonly ref: Ref
    readonly field: 'status' | 'version' | 'path'
    readonly from: string | null
    readonly to: string | null
  }[]
  readonly total?: number
}

/** Response times of services, providers and local runtimes in one sync, in milliseconds. */
export interface LatencyRecord {
  readonly kind: 'latency'
  readonly time: string
  readonly latencies: Readonly<Record<Ref, number>>
}

export type JournalRecord = EditRecord | DetectedRecord | LatencyRecord

/** How long records are kept, in milliseconds. */
export const journalMs = 30 * 24 * 60 * 60 * 1000

type LogName = 'changes' | 'latencies'

/** Directory of the journal of a home, however the home is named; undefined without a state directory. */
export async function journalDirectory(home: string, host: UserFilesHost): Promise<string | undefined> {
  const state = stateDirectory(host)
  if (state === undefined) return undefined
  const real = await host.fs.realPath(home).catch(() => host.path.resolve(home))
  return host.path.join(state, 'journal', storedName(real, host))
}

async function findLog(home: string, name: LogName, host: UserFilesHost): Promise<LineLog | undefined> {
  const directory = await journalDirectory(home, host)
  if (directory === undefined) return undefined
  return {
    path: host.path.join(directory, `${name}.ndjson`),
    maxBytes: limits.journalBytes,
    what: 'the journal',
  }
}

/** Adds a record to the journal of a home. Throws a NexusError when that cannot be written. */
export async function addRecord(home: string, record: JournalRecord, host: UserFilesHost): Promise<void> {
  const log = await findLog(home, record.kind === 'latency' ? 'latencies' : 'changes', host)
  if (log) await appendToLog(log, JSON.stringify(toBounded(record)), host)
}

function toBounded(record: JournalRecord): JournalRecord {
  if (record.kind === 'latency' || record.changes.length <= limits.journalChanges) return record
  const total = record.changes.length
  if (record.kind === 'edit')
    return { ...record, changes: record.changes.slice(0, limits.journalChanges), total }
  return { ...record, changes: record.changes.slice(0, limits.journalChanges), total }
}

/** Records of the last 30 days, the oldest first. Lines that cannot be read are left out. */
export function loadJournal(
  home: string,
  host: UserFilesHost,
): Promise<readonly (EditRecord | DetectedRecord)[]> {
  return loadRecords(home, 'changes', isChangeRecord, host)
}

/** What the journal of a home has: the last 30 days, the oldest first. */
export interface JournalRecords {
  readonly changes: readonly (EditRecord | DetectedRecord)[]
  readonly latencies: readonly LatencyRecord[]
}

export async function loadJournalRecords(home: string, host: UserFilesHost): Promise<JournalRecords> {
  const [changes, latencies] = await Promise.all([loadJournal(home, host), loadLatencyRecords(home, host)])
  return { changes, latencies }
}

/** Loads the journal of a home again only after its files have changed. */
export function createJournalReader(home: string, host: UserFilesHost): () => Promise<JournalRecords> {
  let known: { readonly key: string; readonly records: Promise<JournalRecords> } | undefined
  return async () => {
    const key = await toJournalKey(home, host)
    if (known?.key !== key) known = { key, records: loadJournalRecords(home, host) }
    return known.records
  }
}

async function toJournalKey(home: string, host: UserFilesHost): Promise<string> {
  const logs = await Promise.all([findLog(home, 'changes', host), findLog(home, 'latencies', host)])
  const infos = await Promise.all(logs.map(log => log && host.fs.lstat(log.path).catch(() => undefined)))
  return infos.map(info => (info ? `${info.mtimeMs} ${info.size}` : '')).join(' ')
}

/** Response times of the last 30 days, the oldest first. */
export function loadLatencyRecords(home: string, host: UserFilesHost): Promise<readonly LatencyRecord[]> {
  return loadRecords(home, 'latencies', isLatencyRecord, host)
}

async function loadRecords<Kind extends JournalRecord>(
  home: string,
  name: LogName,
  isRecord: (value: unknown) => value is Kind,
  host: UserFilesHost,
): Promise<readonly Kind[]> {
  const log = await findLog(home, name, host)
  if (log === undefined) return []
  const oldest = host.clock.now() - journalMs
  return (await readLogLines(log, host)).flatMap(line => {
    const record = parseJsonLine(line)
    return isRecord(record) && Date.parse(record.time) >= oldest ? [record] : []
  })
}

/** When the last response times were recorded, milliseconds since 1970; undefined when none were. */
export async function findLastLatency(home: string, host: UserFilesHost): Promise<number | undefined> {
  const log = await findLog(home, 'latencies', host)
  const info = log && (await host.fs.lstat(log.path).catch(() => undefined))
  return info?.mtimeMs
}

function parseJsonLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // A crash can cut a line.
    return undefined
  }
}

function isChangeRecord(value: unknown): value is EditRecord | DetectedRecord {
  if (!isJsonObject(value) || typeof value.time !== 'string' || !Array.isArray(value.changes)) return false
  if (value.kind === 'detected') return value.changes.every(isDetectedChange)
  return value.kind === 'edit' && typeof value.by === 'string' && value.changes.every(isEntryChange)
}

function isDetectedChange(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    [value.ref, value.field].every(part => typeof part === 'string') &&
    [value.from, value.to].every(part => part === null || typeof part === 'string')
  )
}

function isEntryChange(value: unknown): boolean {
  return isJsonObject(value) && typeof value.ref === 'string' && typeof value.change === 'string'
}

function isLatencyRecord(value: unknown): value is LatencyRecord {
  return (
    isJsonObject(value) &&
    value.kind === 'latency' &&
    typeof value.time === 'string' &&
    isJsonObject(value.latencies) &&
    Object.values(value.latencies).every(latency => typeof latency === 'number')
  )
}
