import { cacheTtlSeconds } from '../../core/cache-ttl.ts'
import type { HomeStatus } from '../../core/home-status.ts'
import type { Host } from '../../core/host.ts'
import { findDaemon } from '../../store/daemon-claim.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { loadSyncStates } from '../../store/sync-states.ts'
import { toCurrentStates } from './registry-status.ts'
import { type HomeFacts, toHomeStatus } from './to-home-status.ts'

/** How fresh the registries of a home are, and who keeps them so. Nothing is asked but files. */
export async function loadStatus(home: string, host: Host): Promise<HomeStatus> {
  return toHomeStatus(await loadHomeFacts(home, host))
}

/** What `toHomeStatus` takes, of the whole home. */
export async function loadHomeFacts(home: string, host: Host): Promise<HomeFacts> {
  const [snapshot, states, daemon] = await Promise.all([
    loadSnapshot(home, host),
    loadSyncStates(home, host),
    findDaemon(home, host),
  ])
  return {
    snapshot,
    states: toCurrentStates(snapshot, states),
    daemon,
    now: host.clock.now(),
    ttlSeconds: cacheTtlSeconds(snapshot.registries.hyper),
  }
}
