import type { RegistryStatus } from '../../detection/report.ts'
import { errorMessage } from '../../lib/errors.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import {
  type AlertChannel,
  type AlertMemory,
  type AlertRecord,
  type AlertSubject,
  alertChannels,
  alertSubjects,
} from '../../registry/schema/alert-memory.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { describeError, type SyncState } from '../../registry/sync-state.ts'
import {
  loadAlertMemory,
  markReported,
  reportedKey,
  saveAlertMemory,
  unmarkReported,
} from './alert-memory.ts'

export interface AlertPlan {
  readonly home: string
  readonly conditions: readonly AlertCondition[]
  readonly listeners: readonly Listener[]
}

/** Sends what has changed since the last time, and remembers it. Returns sentences about alerts that did not arrive. */
export async function sendAlerts({ home, conditions, listeners }: AlertPlan, host: Host): Promise<string[]> {
  const wanted = listeners.map(({ channel }) => channel)
  const known = await loadAlertMemory(home, host)
  const records = planRecords(known.records, conditions, host.clock.now())
  const planned = { ...known, records: withoutFinished(records, wanted) }
  const isNews = Object.values(planned.records).some(record => wanted.some(each => !isReported(record, each)))
  const marked = await remember(home, { before: known, after: planned, isNews }, host)
  const delivered = await deliver(home, planned.records, listeners)
  const noted = noteDeliveries(planned, delivered, host.clock.now())
  const after = { ...noted, records: withoutFinished(noted.records, wanted) }
  await recordReported(home, { before: planned, after, marked }, host)
  return [...new Set(delivered.flatMap(({ error }) => error ?? []))]
}

/** Sends the current conditions, when nothing can be remembered. */
export async function sendWithoutMemory(
  { home, conditions, listeners }: AlertPlan,
  host: Pick<Host, 'clock'>,
): Promise<void> {
  await deliver(home, planRecords({}, conditions, host.clock.now()), listeners)
}

interface Change {
  readonly before: AlertMemory
  readonly after: AlertMemory
}

// An alert that cannot be remembered is not sent: every sync would send it again. On a full disk, a mark remembers the
// failure. Returns the subjects that have only a mark.
async function remember(
  home: string,
  { isNews, ...change }: Change & { readonly isNews: boolean },
  host: Host,
): Promise<readonly AlertSubject[]> {
  try {
    await saveIfChanged(home, change, host)
    return []
  } catch (error) {
    if (!isNews) return []
    const failing = alertSubjects.filter(subject => isUnreported(change.after.records[subject]))
    if (failing.length === 0 || !(await markReported(home, failing, host))) throw error
    return failing
  }
}

function isUnreported(record: AlertRecord | undefined): boolean {
  return record?.[reportedKey].length === 0
}

function isReported(record: AlertRecord, channel: AlertChannel): boolean {
  return record[reportedKey].includes(channel)
}

async function recordReported(
  home: string,
  { marked, ...change }: Change & { readonly marked: readonly AlertSubject[] },
  host: Host,
): Promise<void> {
  if (marked.length === 0) return saveIfChanged(home, change, host)
  const unreported = marked.filter(subject => isUnreported(change.after.records[subject]))
  await unmarkReported(home, unreported, host)
}

async function saveIfChanged(home: string, { before, after }: Change, host: Host): Promise<void> {
  if (JSON.stringify(after) !== JSON.stringify(before)) await saveAlertMemory(home, after, host)
}

/** An alert as it is sent, in JSON. */
interface AlertMessage extends Omit<AlertRecord, typeof reportedKey> {
  /** Null when it is about a sync as a whole. */
  readonly registry: RegistryName | null
  /** Registry home, absolute. */
  readonly home: string
}

/** Sends an alert. Returns why it did not arrive, a sentence without secrets, or null. */
export type SendAlert = (message: AlertMessage) => Promise<string | null>

/** A channel that alerts are sent to. */
export interface Listener {
  readonly channel: AlertChannel
  readonly send: SendAlert
}

/** The condition of a registry, or of the sync as a whole. */
export interface AlertCondition {
  readonly subject: AlertSubject
  readonly status: RegistryStatus['status']
  /** Why it is not ok, a sentence without its full stop and without secrets; null when it is. */
  readonly reason: string | null
}

/** The condition of a registry: an error of its file first, then the error of the last attempt to sync it. */
export function toCondition(
  loaded: LoadedRegistry,
  status: RegistryStatus['status'],
  state: SyncState | undefined,
): AlertCondition {
  const { name: subject, path } = loaded
  if (status === 'ok') return { subject, status, reason: null }
  const own = describeError(loaded) ?? (status === 'missing' ? `${path} was missing, and is put back` : null)
  const reason = own ?? state?.error ?? 'it could not be kept fresh'
  return { subject, status, reason: toReason(reason) }
}

/** The condition of the sync as a whole, after a success or this error. */
export function toSyncCondition(outcome: { readonly error: unknown } | undefined): AlertCondition {
  if (outcome === undefined) return { subject: 'sync', status: 'ok', reason: null }
  return { subject: 'sync', status: 'failed', reason: toReason(errorMessage(outcome.error)) }
}

function toReason(text: string): string {
  return toCleanText(withoutSecrets(text))
}

// Addresses of upstreams may carry a key as their query.
function withoutSecrets(text: string): string {
  return text
    .replace(/\b(https?:\/\/)[^\s/?#@]*@/g, '$1')
    .replace(/\b(https?:\/\/[^\s?#"')]*)[?#][^\s"')]*/g, '$1')
}

interface Delivery {
  readonly subject: AlertSubject
  readonly channel: Listener['channel']
  /** Why it did not arrive. */
  readonly error: string | null
}

/** Sends to all listeners what they have not received, at once. */
async function deliver(
  home: string,
  records: AlertMemory['records'],
  listeners: readonly Listener[],
): Promise<Delivery[]> {
  const pending = alertSubjects.flatMap(subject => {
    const record = records[subject]
    if (record === undefined) return []
    const { [reportedKey]: _, ...facts } = record
    const missing = listeners.filter(({ channel }) => !isReported(record, channel))
    return missing.map(({ channel, send }) => ({ subject, channel, send, facts }))
  })
  return Promise.all(
    pending.map(async ({ subject, channel, send, facts: { event, ...rest } }) => {
      const registry = subject === 'sync' ? null : subject
      return { subject, channel, error: await send({ event, registry, home, ...rest }) }
    }),
  )
}

/** The memory after deliveries. `now` is milliseconds since 1970. */
function noteDeliveries(memory: AlertMemory, delivered: readonly Delivery[], now: number): AlertMemory {
  const at = new Date(now).toISOString()
  const records = { ...memory.records }
  const deliveries = { ...memory.deliveries }
  for (const { subject, channel, error } of delivered) {
    const record = records[subject]
    if (record && error === null)
      records[subject] = { ...record, [reportedKey]: [...record[reportedKey], channel] }
    const failed = delivered.find(each => each.channel === channel && each.error !== null)
    deliveries[channel] = { at, trouble: failed?.error ?? null }
  }
  return { records, deliveries }
}

type Records = AlertMemory['records']

/**
 * The alerts after a sync: a change from ok to failed, or back, is reported once. A stale registry may still become
 * either, and changes nothing. `now` is milliseconds since 1970.
 */
export function planRecords(known: Records, conditions: readonly AlertCondition[], now: number): Records {
  const since = new Date(now).toISOString()
  const current = new Map(conditions.map(condition => [condition.subject, condition]))
  const planned = alertSubjects.map(
    name => [name, planRecord(known[name], current.get(name), since)] as const,
  )
  return Object.fromEntries(planned.filter(([, record]) => record !== undefined))
}

function planRecord(
  known: AlertRecord | undefined,
  condition: AlertCondition | undefined,
  since: string,
): AlertRecord | undefined {
  if (condition === undefined || condition.status === 'stale') return known
  const { status, reason } = condition
  if (status === 'ok') return known?.event === 'failed' ? toRecovery(known, since) : known
  if (known?.event === 'failed') return { ...known, status, reason }
  return { event: 'failed', status, reason, since, [reportedKey]: [] }
}

/** Removes recoveries that all channels have received. */
export function withoutFinished(records: Records, wanted: readonly AlertChannel[]): Records {
  const isFinished = (record: AlertRecord) =>
    record.event === 'recovered' && wanted.every(channel => isReported(record, channel))
  return Object.fromEntries(Object.entries(records).filter(([, record]) => !isFinished(record)))
}

// A channel that did not receive the failure does not receive the recovery.
function toRecovery({ [reportedKey]: reported }: AlertRecord, since: string): AlertRecord | undefined {
  if (reported.length === 0) return undefined
  const others = alertChannels.filter(channel => !reported.includes(channel))
  return { event: 'recovered', status: 'ok', reason: null, since, [reportedKey]: others }
}
