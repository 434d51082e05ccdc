import { cacheTtlSeconds } from '../../registry/cache-ttl.ts'
import { loadSnapshot } from '../../registry/load/load-snapshot.ts'
import { registryNames } from '../../registry/schema/names.ts'
import { loadSyncStates } from '../../registry/sync-states.ts'
import { loadAlertMemory } from '../../sync/alert/alert-memory.ts'
import { type Daemon, describeElsewhere } from '../../sync/daemon.ts'
import { findDaemon } from '../../sync/daemon-claim.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check } from '../check.ts'
import { judgeAlerts } from './judge-alerts.ts'
import { judgeFile, judgeState } from './judge-sync.ts'

/** What stands in for registries that cannot be used, how fresh they are, and whether anybody would be told. */
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
    const files = registryNames.flatMap(name => judgeFile(registries[name], now))
    const kept = [...states].map(([name, state]) => judgeState(name, state, { now, ttlSeconds }))
    return [
      ...(files.length > 0 ? files : [allRead]),
      ...kept,
      ...judgeDaemon(daemon, now),
      ...judgeAlerts(alerts, memory, now),
    ]
  },
}

// One on this machine is in the list of processes.
function judgeDaemon(daemon: Daemon | undefined, now: number): HealthFinding[] {
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
  message: 'every registry is read from its own file: no copy stands in for one',
  hint: null,
}
