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
import { loadAlertMemory, markReported, saveAlertMemory, unmarkReported } from './alert-memory.ts'

export interface AlertPlan {
  readonly home: string
  readonly conditions: readonly AlertCondition[]
  readonly listeners: readonly Listener[]
}

/** Tells what has changed since the last time, and remembers it. Answers with sentences about what did not arrive. */
export async function sendAlerts({ home, conditions, listeners }: AlertPlan, host: Host): Promise<string[]> {
  const wanted = listeners.map(({ channel }) => channel)
  const known = await loadAlertMemory(home, host)
  const records = planRecords(known.records, conditions, host.clock.now())
  const planned = { ...known, records: withoutFinished(records, wanted) }
  const isNews = Object.values(planned.records).some(({ told }) => wanted.some(each => !told.includes(each)))
  const marked = await remember(home, { before: known, after: planned, isNews }, host)
  const delivered = await deliver(home, planned.records, listeners)
  const noted = noteDeliveries(planned, delivered, host.clock.now())
  const after = { ...noted, records: withoutFinished(noted.records, wanted) }
  await recordReported(home, { before: planned, after, marked }, host)
  return [...new Set(delivered.flatMap(({ trouble }) => trouble ?? []))]
}

/** Tells everybody how it is, though nothing can be remembered of it. */
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

// What cannot be remembered is not told either: it would be told again with every sync. Where the disk is full, a mark
// remembers what fails; answers with the subjects of which that is all.
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
    const failing = alertSubjects.filter(subject => isUnreported(change.after.records[subject]?.told))
    if (failing.length === 0 || !(await markReported(home, failing, host))) throw error
    return failing
  }
}

function isUnreported(told: readonly AlertChannel[] | undefined): boolean {
  return told?.length === 0
}

async function recordReported(
  home: string,
  { marked, ...change }: Change & { readonly marked: readonly AlertSubject[] },
  host: Host,
): Promise<void> {
  if (marked.length === 0) return saveIfChanged(home, change, host)
  const unheard = marked.filter(subject => isUnreported(change.after.records[subject]?.told))
  await unmarkReported(home, unheard, host)
}

async function saveIfChanged(home: string, { before, after }: Change, host: Host): Promise<void> {
  if (JSON.stringify(after) !== JSON.stringify(before)) await saveAlertMemory(home, after, host)
}

/** What is told, as JSON. */
interface AlertMessage extends Omit<AlertRecord, 'told'> {
  /** Null when it is about a sync as a whole. */
  readonly registry: RegistryName | null
  /** Registry home, absolute. */
  readonly home: string
}

/** Tells somebody; answers why it did not arrive, a sentence that gives no secret away, or null when it did. */
export type SendAlert = (message: AlertMessage) => Promise<string | null>

/** A way in which somebody wants to be told. */
export interface Listener {
  readonly channel: AlertChannel
  readonly send: SendAlert
}

/** How a registry, or the sync as a whole, is after a sync. */
export interface AlertCondition {
  readonly subject: AlertSubject
  readonly status: RegistryStatus['status']
  /** Why it is not well, a sentence without its full stop that gives no secret away; null when it is. */
  readonly reason: string | null
}

/** Says how a registry is: its own file first, then what the last attempt to keep it fresh has met. */
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

/** How the sync as a whole is, after one that has come to its end or has failed with this error. */
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
  readonly trouble: string | null
}

/** Tells all listeners what they have not been told, at once. */
async function deliver(
  home: string,
  records: AlertMemory['records'],
  listeners: readonly Listener[],
): Promise<Delivery[]> {
  const pending = alertSubjects.flatMap(subject => {
    const record = records[subject]
    if (record === undefined) return []
    const { told, ...facts } = record
    const unaware = listeners.filter(({ channel }) => !told.includes(channel))
    return unaware.map(({ channel, send }) => ({ subject, channel, send, facts }))
  })
  return Promise.all(
    pending.map(async ({ subject, channel, send, facts: { event, ...rest } }) => {
      const registry = subject === 'sync' ? null : subject
      return { subject, channel, trouble: await send({ event, registry, home, ...rest }) }
    }),
  )
}

/** The memory after deliveries. `now` is milliseconds since 1970. */
function noteDeliveries(memory: AlertMemory, delivered: readonly Delivery[], now: number): AlertMemory {
  const at = new Date(now).toISOString()
  const records = { ...memory.records }
  const deliveries = { ...memory.deliveries }
  for (const { subject, channel, trouble } of delivered) {
    const record = records[subject]
    if (record && trouble === null) records[subject] = { ...record, told: [...record.told, channel] }
    const failed = delivered.find(each => each.channel === channel && each.trouble !== null)
    deliveries[channel] = { at, trouble: failed?.trouble ?? null }
  }
  return { records, deliveries }
}

type Records = AlertMemory['records']

/**
 * What there is to tell after a sync: a change from good to bad, or back, is told once. A registry that is stale may
 * still become either, and changes nothing. `now` is milliseconds since 1970.
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
  return { event: 'failed', status, reason, since, told: [] }
}

/** Without what has recovered and was told to everybody who wanted to know. */
export function withoutFinished(records: Records, wanted: readonly AlertChannel[]): Records {
  const isFinished = ({ event, told }: AlertRecord) =>
    event === 'recovered' && wanted.every(channel => told.includes(channel))
  return Object.fromEntries(Object.entries(records).filter(([, record]) => !isFinished(record)))
}

// Who was not told that it failed need not be told that it is well again.
function toRecovery({ told }: AlertRecord, since: string): AlertRecord | undefined {
  if (told.length === 0) return undefined
  const others = alertChannels.filter(channel => !told.includes(channel))
  return { event: 'recovered', status: 'ok', reason: null, since, told: others }
}
