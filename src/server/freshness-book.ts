import type { Host } from '../platform/host.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { cacheTtlSeconds, loadSyncStates } from '../registry/sync-state.ts'
import { findDaemon } from '../sync/daemon-claim.ts'
import { type RegistrySyncStatus, toCurrentStates, toRegistryStatus } from '../sync/status.ts'

/** How fresh the registries are. */
export interface FreshnessBook {
  /** The freshness of one registry, cached for a short time. */
  readonly find: (name: RegistryName, snapshot: Snapshot) => Promise<KnownFreshness>
  /** Drops the cached states, after an event. */
  readonly renew: () => void
}

export interface KnownFreshness {
  readonly status: RegistrySyncStatus
  /** Age from which a registry is stale. */
  readonly ttlSeconds: number
}

/** Time that states are cached, in milliseconds. */
const readEveryMs = 250

/** Caches the states of a home for many requests. */
export function openFreshnessBook(home: string, host: Host): FreshnessBook {
  let known: { readonly at: number; readonly facts: ReturnType<typeof load> } | undefined
  const load = () => Promise.all([loadSyncStates(home, host), findDaemon(home, host)])
  const loadCached = () => {
    const at = host.clock.elapsed()
    if (known === undefined || at - known.at >= readEveryMs) known = { at, facts: load() }
    return known.facts
  }
  return {
    find: async (name, snapshot) => {
      const [states, daemon] = await loadCached()
      const ttlSeconds = cacheTtlSeconds(snapshot.registries.hyper)
      const now = host.clock.now()
      const facts = {
        snapshot,
        states: toCurrentStates(snapshot, states),
        now,
        ttlSeconds,
        isDaemonRunning: daemon !== undefined,
      }
      return { status: toRegistryStatus(name, facts), ttlSeconds }
    },
    renew: () => {
      known = undefined
    },
  }
}
