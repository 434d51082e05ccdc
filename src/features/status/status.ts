import { cacheTtlSeconds } from '../../core/cache-ttl.ts'
import type { Daemon } from '../../core/daemon.ts'
import type { HomeStatus, RegistrySyncStatus } from '../../core/home-status.ts'
import type { Host } from '../../core/host.ts'
import { registryNames } from '../../schema/names.ts'
import { findDaemon } from '../../store/daemon-claim.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { loadSyncStates } from '../../store/sync-states.ts'
import { toRegistryStatus } from './registry-status.ts'

/** How fresh the registries of a home are, and who keeps them so. Nothing is asked but files. */
export async function loadStatus(home: string, host: Host): Promise<HomeStatus> {
  const [snapshot, states, daemon] = await Promise.all([
    loadSnapshot(home, host),
    loadSyncStates(home, host),
    findDaemon(home, host),
  ])
  const now = host.clock.now()
  const ttlSeconds = cacheTtlSeconds(snapshot.registries.hyper)
  const facts = { snapshot, states, now, ttlSeconds, isDaemonRunning: daemon !== undefined }
  const registries = registryNames.map(name => toRegistryStatus(name, facts))
  return {
    home,
    checked_at: new Date(now).toISOString(),
    daemon: daemon ? toDaemonStatus(daemon) : null,
    ttl_seconds: ttlSeconds,
    registries,
    cache: countCache(registries),
  }
}

function toDaemonStatus({ pid, since }: Daemon): HomeStatus['daemon'] {
  return { pid, since: new Date(since).toISOString() }
}

function countCache(registries: readonly RegistrySyncStatus[]): HomeStatus['cache'] {
  const sum = (key: 'cache_hits' | 'cache_misses') =>
    registries.reduce((total, registry) => total + registry[key], 0)
  const [hits, misses] = [sum('cache_hits'), sum('cache_misses')]
  const polls = hits + misses
  return { hits, misses, hit_rate: polls === 0 ? null : Math.round((hits / polls) * 10_000) / 10_000 }
}
