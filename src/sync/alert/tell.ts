import type { Host } from '../../platform/host.ts'
import {
  type AlertChannel,
  type AlertMemory,
  type AlertSubject,
  alertSubjects,
} from '../../registry/schema/alert-memory.ts'
import { loadAlertMemory, markTold, saveAlertMemory, unmarkTold } from './alert-memory.ts'
import type { Listener } from './alert-message.ts'
import type { Condition } from './condition.ts'
import { deliver, noteDeliveries } from './deliver.ts'
import { planRecords, withoutFinished } from './plan-alerts.ts'

export interface Telling {
  readonly home: string
  readonly conditions: readonly Condition[]
  readonly listeners: readonly Listener[]
}

/** Tells what has changed since the last time, and remembers it. Answers with sentences about what did not arrive. */
export async function tell({ home, conditions, listeners }: Telling, host: Host): Promise<string[]> {
  const wanted = listeners.map(({ channel }) => channel)
  const known = await loadAlertMemory(home, host)
  const records = planRecords(known.records, conditions, host.clock.now())
  const planned = { ...known, records: withoutFinished(records, wanted) }
  const isNews = Object.values(planned.records).some(({ told }) => wanted.some(each => !told.includes(each)))
  const marked = await remember(home, { before: known, after: planned, isNews }, host)
  const delivered = await deliver(home, planned.records, listeners)
  const noted = noteDeliveries(planned, delivered, host.clock.now())
  const after = { ...noted, records: withoutFinished(noted.records, wanted) }
  await noteTold(home, { before: planned, after, marked }, host)
  return [...new Set(delivered.flatMap(({ trouble }) => trouble ?? []))]
}

/** Tells everybody how it is, though nothing can be remembered of it. */
export async function tellBlindly(
  { home, conditions, listeners }: Telling,
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
    const failing = alertSubjects.filter(subject => isUntold(change.after.records[subject]?.told))
    if (failing.length === 0 || !(await markTold(home, failing, host))) throw error
    return failing
  }
}

function isUntold(told: readonly AlertChannel[] | undefined): boolean {
  return told?.length === 0
}

async function noteTold(
  home: string,
  { marked, ...change }: Change & { readonly marked: readonly AlertSubject[] },
  host: Host,
): Promise<void> {
  if (marked.length === 0) return saveIfChanged(home, change, host)
  const unheard = marked.filter(subject => isUntold(change.after.records[subject]?.told))
  await unmarkTold(home, unheard, host)
}

async function saveIfChanged(home: string, { before, after }: Change, host: Host): Promise<void> {
  if (JSON.stringify(after) !== JSON.stringify(before)) await saveAlertMemory(home, after, host)
}
