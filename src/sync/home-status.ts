import type { Freshness } from '../registry/freshness.ts'
import type { RegistryName } from '../registry/schema/names.ts'

/** How fresh the registries of a home are, as `status --json` prints it. Times are ISO 8601 in UTC. */
export interface HomeStatus {
  readonly home: string
  readonly checked_at: string
  /** The process that keeps the home in sync; null when none does. */
  readonly daemon: DaemonStatus | null
  /** Age from which a registry is stale; null for who may not see the hyper registry, which says so. */
  readonly ttl_seconds: number | null
  /** Those that whoever asks may see. */
  readonly registries: readonly RegistrySyncStatus[]
  /** Polls that were answered from what was here, and those that were not, of all registries. */
  readonly cache: { readonly hits: number; readonly misses: number; readonly hit_rate: number | null }
}

export interface DaemonStatus {
  readonly pid: number
  readonly since: string
  /** Name of the other host or container that it runs on. */
  readonly host?: string
  /** When a daemon that cannot be seen from here last renewed its claim, by its own clock. */
  readonly lease_renewed_at?: string
}

/** `never synced`: nobody has tried yet. A registry that is only a file is fresh when it can be read. */
export type RegistryFreshness = Freshness | 'missing' | 'never synced'

export interface RegistrySyncStatus {
  readonly registry: RegistryName
  readonly freshness: RegistryFreshness
  /** Where what is in it comes from: its upstream, a look at this machine, or whoever edits it. */
  readonly source: 'upstream' | 'detection' | 'file'
  readonly url: string | null
  readonly last_attempt: string | null
  readonly last_success: string | null
  /** Since the last success. */
  readonly age_seconds: number | null
  readonly consecutive_failures: number
  /** When it is tried again at the earliest; null when no daemon runs, and its upstream asked for no pause. */
  readonly next_attempt: string | null
  /** Until when its upstream wants to be left alone; null when it does not. */
  readonly not_before: string | null
  /** What is wrong, a sentence. */
  readonly error: string | null
  /** How its upstream judges it. */
  readonly upstream_health: string | null
  readonly entries: number
  readonly entries_count_expected: number | null
  /** Ids of entries that are left out because they are broken. */
  readonly broken: readonly string[]
  readonly cache_hits: number
  readonly cache_misses: number
}

const unwell: readonly RegistryFreshness[] = ['stale', 'failed', 'missing']

/** Whether something is not as it should be. What was never synced only has to be. */
export function isUnwell({ freshness }: Pick<RegistrySyncStatus, 'freshness'>): boolean {
  return unwell.includes(freshness)
}
