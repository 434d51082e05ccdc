import type { AlertsConfig } from '../../config/config.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { formatAge } from '../../lib/text/format.ts'
import { loadSnapshot } from '../../registry/load/load-snapshot.ts'
import type { AlertChannel, AlertMemory } from '../../registry/schema/alert-memory.ts'
import { registryNames, type SubRegistryName } from '../../registry/schema/names.ts'
import { describeCopy, type LoadedRegistry } from '../../registry/snapshot.ts'
import {
  cacheTtlSeconds,
  describeError,
  evaluateFreshness,
  loadSyncStates,
  type SyncState,
} from '../../registry/sync-state.ts'
import { loadAlertMemory } from '../../sync/alert/alert-memory.ts'
import { type Daemon, describeElsewhere, findDaemon } from '../../sync/daemon-claim.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check } from '../check.ts'

/** Which registries come from a backup, how fresh they are, and whether alerts work. */
export const syncCheck: Check = {
  name: 'sync',
  run: async ({ host, findHome, alerts }) => {
    const home = await findHome()
    if (!home) return []
    const [{ registries }, states, memory, daemon] = await Promise.all([
      loadSnapshot(home.directory, host),
      loadSyncStates(home.directory, host),
      loadAlertMemory(home.directory, host),
      findDaemon(home.directory, host),
    ])
    const now = host.clock.now()
    const ttlSeconds = cacheTtlSeconds(registries.hyper)
    const files = registryNames.flatMap(name => checkFile(registries[name], now))
    const kept = [...states].map(([name, state]) => checkState(name, state, { now, ttlSeconds }))
    return [
      ...(files.length > 0 ? files : [allRead]),
      ...kept,
      ...checkDaemon(daemon, now),
      ...checkAlerts(alerts, memory, now),
    ]
  },
}

// Reports only a daemon on another host: one on this machine is in the list of processes.
function checkDaemon(daemon: Daemon | undefined, now: number): HealthFinding[] {
  if (daemon?.renewedAt === undefined) return []
  const renewed = { lease_renewed_at: new Date(daemon.renewedAt).toISOString() }
  const message = describeElsewhere({ ...daemon, ...renewed }, now)
  const isOld = now - daemon.renewedAt > oldLeaseMs
  const hint = 'If it has ended, nexus-registry sync --watch takes its place'
  return [{ status: isOld ? 'note' : 'ok', message, hint: isOld ? hint : null }]
}

/** A daemon renews its lease every second; clocks of two hosts may differ. */
const oldLeaseMs = 60_000

const allRead: HealthFinding = {
  status: 'ok',
  message: 'every registry is read from its own file: no backup is in use',
  hint: null,
}

/** Whether alerts are configured, and whether the last one arrived. */
function checkAlerts(
  { webhook, command }: AlertsConfig,
  { deliveries }: AlertMemory,
  now: number,
): HealthFinding[] {
  const listeners: [AlertChannel, string][] = []
  // The rest of the address may contain a secret.
  if (webhook !== undefined) listeners.push(['webhook', `the webhook at ${new URL(webhook).host}`])
  if (command !== undefined) listeners.push(['command', `the command ${command[0]}`])
  if (listeners.length === 0) return [noAlerts]
  return listeners.map(([channel, who]) => checkListener(who, deliveries[channel], now))
}

const noAlerts: HealthFinding = {
  status: 'note',
  message: 'no alerts are configured for unusable registries',
  hint: 'Add a webhook or a command to alerts in your configuration',
}

function checkListener(who: string, last: AlertMemory['deliveries'][AlertChannel], now: number) {
  if (last === undefined)
    return { status: 'ok', message: `${who} receives alerts; none was needed yet`, hint: null } as const
  const when = formatAge(now - Date.parse(last.at))
  if (last.trouble === null)
    return { status: 'ok', message: `${who} received the last alert ${when}`, hint: null } as const
  const message = `the last alert, ${when}, did not arrive: ${last.trouble}`
  return { status: 'warning', message, hint: 'The next sync tries again: nexus-registry sync' } as const
}

/** Reports an unusable registry file, and the backup that replaces it. */
function checkFile(registry: LoadedRegistry, now: number): HealthFinding[] {
  const error = describeError(registry)
  if (error === undefined) return []
  const copy = describeCopy(registry, now)
  if (copy !== undefined) {
    const isMissing = registry.state === 'missing'
    const hint = isMissing
      ? 'nexus-registry sync restores it'
      : `nexus-registry validate ${toShellWord(registry.path)}`
    return [{ status: 'warning', message: `${error}: ${copy}`, hint }]
  }
  const hint = 'Fix it, or copy it from a new home: nexus-registry init DIR'
  return [{ status: 'error', message: `${error}, and it has no backup: it is treated as empty`, hint }]
}

/** How fresh a registry is, by its last sync attempts. */
export function checkState(
  name: SubRegistryName,
  state: SyncState,
  { now, ttlSeconds }: { now: number; ttlSeconds: number },
): HealthFinding {
  const { last_success: success, error, is_refused: isRefused, consecutive_failures: failures } = state
  const last = success === null ? 'never' : formatAge(now - Date.parse(success))
  const freshness = evaluateFreshness(state, now, ttlSeconds)
  if (freshness === 'fresh') return { status: 'ok', message: `${name} was synced ${last}`, hint: null }
  const why = error === null ? '' : `: ${error}`
  if (isRefused)
    return {
      status: 'error',
      message: `the upstream of ${name} refuses access${why}`,
      hint: 'Check its url in hyper_registry.json, and the token for it in upstreams of your configuration',
    }
  const hint = success === null ? 'Run nexus-registry sync' : 'Try again: nexus-registry sync'
  const since =
    success === null
      ? 'has never been synced'
      : `is ${freshness === 'stale' ? 'stale' : 'outdated'}, last synced ${last}`
  const message = `${name} ${since}${why}`
  if (freshness === 'failed') return { status: 'error', message, hint }
  return { status: failures > 0 ? 'warning' : 'note', message, hint }
}
