import { errorMessage } from '../../core/errors.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { SyncReport } from '../../core/sync-report.ts'
import type { AlertMemory } from '../../schema/alert-memory.ts'
import { isSubRegistry, registryNames } from '../../schema/names.ts'
import { claimAlerts, loadAlertMemory, saveAlertMemory } from '../../store/alert-memory.ts'
import { loadSyncStates } from '../../store/sync-states.ts'
import type { AlertsConfig } from '../config/config.ts'
import type { Listener } from './alert-message.ts'
import { type Condition, toCondition } from './condition.ts'
import { deliver, noteDeliveries } from './deliver.ts'
import { planRecords, withoutFinished } from './plan-alerts.ts'
import { createPost } from './post-alert.ts'
import { createRun } from './run-alert.ts'

/** Who is told, from the user's own configuration. */
export interface AlertSettings extends AlertsConfig {
  /** Addresses near this machine that the webhook may lead to. */
  readonly allowPrivate: readonly string[]
}

/** What a sync has come to. */
export interface Synced {
  readonly report: Pick<SyncReport, 'home' | 'registries'>
  readonly snapshot: Pick<Snapshot, 'registries'>
}

/**
 * Tells whoever is to be told when a registry cannot be used any more, and when it can again: once per change, and again
 * with the next sync where it did not arrive. Answers with sentences about what went wrong, and never rejects.
 */
export async function alert(synced: Synced, settings: AlertSettings, host: Host): Promise<readonly string[]> {
  const listeners = createListeners(settings, host)
  if (listeners.length === 0) return []
  const { home } = synced.report
  try {
    const claim = await claimAlerts(home, host)
    if (!claim) return []
    const told = findConditions(synced, host).then(conditions => tell({ home, conditions, listeners }, host))
    return await told.finally(claim.release)
  } catch (error) {
    return [`nobody could be alerted: ${errorMessage(error)}`]
  }
}

function createListeners({ webhook, command, allowPrivate }: AlertSettings, host: Host): Listener[] {
  const listeners: Listener[] = []
  if (webhook !== undefined)
    listeners.push({ channel: 'webhook', tell: createPost({ url: webhook, allowPrivate }, host) })
  if (command !== undefined) listeners.push({ channel: 'command', tell: createRun(command, host) })
  return listeners
}

async function findConditions({ report, snapshot }: Synced, host: Host): Promise<Condition[]> {
  const states = await loadSyncStates(report.home, host)
  return registryNames.map(name => {
    const state = isSubRegistry(name) ? states.get(name) : undefined
    return toCondition(snapshot.registries[name], report.registries[name].status, state)
  })
}

interface Telling {
  readonly home: string
  readonly conditions: readonly Condition[]
  readonly listeners: readonly Listener[]
}

async function tell({ home, conditions, listeners }: Telling, host: Host): Promise<string[]> {
  const wanted = listeners.map(({ channel }) => channel)
  const known = await loadAlertMemory(home, host)
  const records = planRecords(known.records, conditions, host.clock.now())
  const planned = { ...known, records: withoutFinished(records, wanted) }
  // What cannot be remembered is not told either: it would be told again with every sync.
  await saveIfChanged(home, { before: known, after: planned }, host)
  const delivered = await deliver(home, planned.records, listeners)
  const noted = noteDeliveries(planned, delivered, host.clock.now())
  const after = { ...noted, records: withoutFinished(noted.records, wanted) }
  await saveIfChanged(home, { before: planned, after }, host)
  return [...new Set(delivered.flatMap(({ trouble }) => trouble ?? []))]
}

async function saveIfChanged(
  home: string,
  { before, after }: { before: AlertMemory; after: AlertMemory },
  host: Host,
): Promise<void> {
  if (JSON.stringify(after) !== JSON.stringify(before)) await saveAlertMemory(home, after, host)
}
