import { cacheTtlSeconds } from '../../../core/cache-ttl.ts'
import type { HealthFinding } from '../../../core/health.ts'
import { registryNames } from '../../../schema/names.ts'
import { loadAlertMemory } from '../../../store/alert-memory.ts'
import { loadSnapshot } from '../../../store/load-snapshot.ts'
import { loadSyncStates } from '../../../store/sync-states.ts'
import type { Check } from '../check.ts'
import { judgeAlerts } from '../judge-alerts.ts'
import { judgeFile, judgeState } from '../judge-sync.ts'

/** What stands in for registries that cannot be used, how fresh they are, and whether anybody would be told. */
export const syncCheck: Check = {
  name: 'sync',
  run: async ({ host, findHome, alerts }) => {
    const home = await findHome()
    if (!home) return []
    const [{ registries }, states, memory] = await Promise.all([
      loadSnapshot(home.directory, host),
      loadSyncStates(home.directory, host),
      loadAlertMemory(home.directory, host),
    ])
    const now = host.clock.now()
    const ttlSeconds = cacheTtlSeconds(registries.hyper)
    const files = registryNames.flatMap(name => judgeFile(registries[name], now))
    const kept = [...states].map(([name, state]) => judgeState(name, state, { now, ttlSeconds }))
    return [...(files.length > 0 ? files : [allRead]), ...kept, ...judgeAlerts(alerts, memory, now)]
  },
}

const allRead: HealthFinding = {
  status: 'ok',
  message: 'every registry is read from its own file: no copy stands in for one',
  hint: null,
}
