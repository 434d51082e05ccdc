import type { Host } from '../platform/host.ts'
import { cacheTtlSeconds } from '../registry/cache-ttl.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { loadSyncStates } from '../registry/sync-states.ts'
import { findDaemon } from './daemon-claim.ts'
import type { HomeStatus } from './home-status.ts'
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
