import { registryNames } from '../registry/schema/names.ts'
import type { Daemon } from './daemon.ts'
import type { DaemonStatus, HomeStatus, RegistrySyncStatus } from './home-status.ts'
import { type StatusFacts, toRegistryStatus } from './registry-status.ts'

export interface HomeFacts extends Omit<StatusFacts, 'isDaemonRunning'> {
  readonly daemon: Daemon | undefined
}

/** How fresh the registries of a snapshot are. Of those that are hidden nothing is told, and nothing of where others come from. */
export function toHomeStatus({ daemon, ...facts }: HomeFacts): HomeStatus {
  const { snapshot, now, ttlSeconds } = facts
  const seen = registryNames.filter(name => snapshot.registries[name].state !== 'hidden')
  const registries = seen.map(name =>
    toRegistryStatus(name, { ...facts, isDaemonRunning: daemon !== undefined }),
  )
  return {
    home: snapshot.home,
    checked_at: new Date(now).toISOString(),
    daemon: daemon ? toDaemonStatus(daemon) : null,
    ttl_seconds: snapshot.registries.hyper.state === 'hidden' ? null : ttlSeconds,
    registries,
    cache: countCache(registries),
  }
}

function toDaemonStatus({ pid, since, host, renewedAt }: Daemon): DaemonStatus {
  return {
    pid,
    since: new Date(since).toISOString(),
    ...(host !== undefined && { host }),
    ...(renewedAt !== undefined && { lease_renewed_at: new Date(renewedAt).toISOString() }),
  }
}

function countCache(registries: readonly RegistrySyncStatus[]): HomeStatus['cache'] {
  const sum = (key: 'cache_hits' | 'cache_misses') =>
    registries.reduce((total, registry) => total + registry[key], 0)
  const [hits, misses] = [sum('cache_hits'), sum('cache_misses')]
  const polls = hits + misses
  return { hits, misses, hit_rate: polls === 0 ? null : Math.round((hits / polls) * 10_000) / 10_000 }
}
