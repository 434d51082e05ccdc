import type { Host } from '../platform/host.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { cacheTtlSeconds, loadSyncStates } from '../registry/sync-state.ts'
import { findDaemon } from '../sync/daemon-claim.ts'
import { type RegistrySyncStatus, toCurrentStates, toRegistryStatus } from '../sync/status.ts'

/** How fresh the registries are. */
export interface FreshnessBook {
  /** Of one registry, from what was known a moment ago at most. */
  readonly ask: (name: RegistryName, snapshot: Snapshot) => Promise<KnownFreshness>
  /** Forgets what was known a moment ago: something has happened since. */
  readonly renew: () => void
}

export interface KnownFreshness {
  readonly status: RegistrySyncStatus
  /** Age from which a registry is stale. */
  readonly ttlSeconds: number
}

/** What was read counts for this time, in milliseconds. */
const readEveryMs = 250

/** Reads what is remembered of attempts to sync a home, once for many questions. */
export function openFreshnessBook(home: string, host: Host): FreshnessBook {
  let known: { readonly at: number; readonly facts: ReturnType<typeof load> } | undefined
  const load = () => Promise.all([loadSyncStates(home, host), findDaemon(home, host)])
  const recall = () => {
    const at = host.clock.elapsed()
    if (known === undefined || at - known.at >= readEveryMs) known = { at, facts: load() }
    return known.facts
  }
  return {
    ask: async (name, snapshot) => {
      const [states, daemon] = await recall()
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
