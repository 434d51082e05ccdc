import {
  type AlertChannel,
  type AlertMemory,
  type AlertRecord,
  alertChannels,
  alertSubjects,
} from '../../registry/schema/alert-memory.ts'
import type { Condition } from './condition.ts'

type Records = AlertMemory['records']

/**
 * What there is to tell after a sync: a change from good to bad, or back, is told once. A registry that is stale may
 * still become either, and changes nothing. `now` is milliseconds since 1970.
 */
export function planRecords(known: Records, conditions: readonly Condition[], now: number): Records {
  const since = new Date(now).toISOString()
  const current = new Map(conditions.map(condition => [condition.subject, condition]))
  const planned = alertSubjects.map(
    name => [name, planRecord(known[name], current.get(name), since)] as const,
  )
  return Object.fromEntries(planned.filter(([, record]) => record !== undefined))
}

function planRecord(
  known: AlertRecord | undefined,
  condition: Condition | undefined,
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
