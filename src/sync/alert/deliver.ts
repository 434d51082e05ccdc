import { type AlertMemory, type AlertSubject, alertSubjects } from '../../registry/schema/alert-memory.ts'
import type { Listener } from './alert-message.ts'

interface Delivery {
  readonly subject: AlertSubject
  readonly channel: Listener['channel']
  /** Why it did not arrive. */
  readonly trouble: string | null
}

/** Tells all listeners what they have not been told, at once. */
export async function deliver(
  home: string,
  records: AlertMemory['records'],
  listeners: readonly Listener[],
): Promise<Delivery[]> {
  const pending = alertSubjects.flatMap(subject => {
    const record = records[subject]
    if (record === undefined) return []
    const { told, ...facts } = record
    const unaware = listeners.filter(({ channel }) => !told.includes(channel))
    return unaware.map(({ channel, tell }) => ({ subject, channel, tell, facts }))
  })
  return Promise.all(
    pending.map(async ({ subject, channel, tell, facts: { event, ...rest } }) => {
      const registry = subject === 'sync' ? null : subject
      return { subject, channel, trouble: await tell({ event, registry, home, ...rest }) }
    }),
  )
}

/** The memory after deliveries. `now` is milliseconds since 1970. */
export function noteDeliveries(
  memory: AlertMemory,
  delivered: readonly Delivery[],
  now: number,
): AlertMemory {
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
