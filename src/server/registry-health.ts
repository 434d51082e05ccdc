import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { cacheTtlSeconds, loadSyncStates } from '../registry/sync-state.ts'
import { findDaemon } from '../sync/daemon-claim.ts'
import type { RegistryHealth } from '../sync/health-schema.ts'
import { type RegistrySyncStatus, toCurrentStates, toRegistryStatus } from '../sync/status.ts'
import type { Call } from './revision.ts'

/** Loads how fresh a registry is that the caller may read. */
export async function loadRegistryHealth(
  name: RegistryName,
  { revision, view }: Call,
  { freshness, home }: { readonly freshness: FreshnessBook; readonly home: RegistryHome },
): Promise<RegistryHealth> {
  return toRegistryHealth(name, await freshness.find(name, revision.snapshot), { view, home })
}

interface HealthReader extends Pick<Call, 'view'> {
  readonly home: RegistryHome
}

/** The freshness of a registry, as the callers of a view may read it. */
export function toRegistryHealth(
  name: RegistryName,
  { status, ttlSeconds }: KnownFreshness,
  { view, home }: HealthReader,
): RegistryHealth {
  return {
    name,
    status: status.freshness,
    age_seconds: status.age_seconds,
    ttl_seconds: ttlSeconds,
    entries: status.entries,
    entries_expected: status.entries_count_expected,
    last_success: status.last_success,
    source: status.source,
    error: status.error && toReportedError(name, status, { view, home }),
  }
}

// Only the hyper registry lists upstreams, and an error may contain their address in many forms.
function toReportedError(
  name: RegistryName,
  { url, error }: KnownFreshness['status'],
  { view, home }: HealthReader,
): string | null {
  const isOfUpstream = url !== null && view.snapshot.registries[name].state === 'ok'
  if (isOfUpstream && !view.readable.has('hyper')) return 'the last attempt to sync it failed'
  return error && withoutPaths(error, home.directory)
}

// Paths of this machine are omitted: the names of files are enough.
function withoutPaths(error: string, home: string): string {
  return error.replaceAll(`${home}/`, '').replace(/(?<![\w./:])\/(?:[^\s/:"']+\/)+/g, '')
}

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
