import type { AlertsConfig } from '../../config/config.ts'
import type { SyncReport } from '../../detection/sync-report.ts'
import { errorMessage } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import { isSubRegistry, registryNames } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { loadSyncStates } from '../../registry/sync-states.ts'
import { claimAlerts } from './alert-memory.ts'
import type { Listener } from './alert-message.ts'
import { type Condition, toCondition, toSyncCondition } from './condition.ts'
import { createPost } from './post-alert.ts'
import { createRun } from './run-alert.ts'
import { type Telling, tell, tellBlindly } from './tell.ts'

/** Who is told, from the user's own configuration. */
export interface AlertSettings extends AlertsConfig {
  /** Addresses near this machine that the webhook may lead to. */
  readonly allowPrivate: readonly string[]
}

/** What a sync has come to. */
export interface Synced {
  readonly report: Pick<SyncReport, 'home' | 'registries'>
  readonly snapshot: Pick<Snapshot, 'registries'>
  /** Whether all of the home was synced: a part says nothing of the whole. */
  readonly isWhole: boolean
}

/** A sync that came to nothing. */
export interface FailedSync {
  /** Registry home, absolute. */
  readonly home: string
  readonly error: unknown
  /** Whether it is known that the one before did not fail: then it is told even where nothing can be remembered. */
  readonly isFirst: boolean
}

/**
 * Tells whoever is to be told when a registry cannot be used any more, and when it can again: once per change, and again
 * with the next sync where it did not arrive. Answers with sentences about what went wrong, and never rejects.
 */
export async function alert(synced: Synced, settings: AlertSettings, host: Host): Promise<readonly string[]> {
  const { home } = synced.report
  return tellListeners({ home, isFirst: false }, () => findConditions(synced, host), { settings, host })
}

/** Tells whoever is to be told that a sync as a whole has failed, in the same manner. Never rejects. */
export async function alertFailure(
  { error, ...failed }: FailedSync,
  settings: AlertSettings,
  host: Host,
): Promise<readonly string[]> {
  return tellListeners(failed, async () => [toSyncCondition({ error })], { settings, host })
}

async function tellListeners(
  { home, isFirst }: Omit<FailedSync, 'error'>,
  find: () => Promise<Condition[]>,
  { settings, host }: { readonly settings: AlertSettings; readonly host: Host },
): Promise<readonly string[]> {
  const listeners = createListeners(settings, host)
  if (listeners.length === 0) return []
  const toTelling = async (): Promise<Telling> => ({ home, conditions: await find(), listeners })
  try {
    const claim = await claimAlerts(home, host)
    if (!claim) return []
    return await toTelling()
      .then(telling => tell(telling, host))
      .finally(claim.release)
  } catch (error) {
    if (isFirst) await tellBlindly(await toTelling(), host)
    const what = isFirst ? 'what was alerted could not be remembered' : 'nobody could be alerted'
    return [`${what}: ${errorMessage(error)}`]
  }
}

function createListeners({ webhook, command, allowPrivate }: AlertSettings, host: Host): Listener[] {
  const listeners: Listener[] = []
  if (webhook !== undefined)
    listeners.push({ channel: 'webhook', tell: createPost({ url: webhook, allowPrivate }, host) })
  if (command !== undefined) listeners.push({ channel: 'command', tell: createRun(command, host) })
  return listeners
}

async function findConditions({ report, snapshot, isWhole }: Synced, host: Host): Promise<Condition[]> {
  const states = await loadSyncStates(report.home, host)
  const conditions = registryNames.map(name => {
    const state = isSubRegistry(name) ? states.get(name) : undefined
    return toCondition(snapshot.registries[name], report.registries[name].status, state)
  })
  return isWhole ? [...conditions, toSyncCondition(undefined)] : conditions
}
