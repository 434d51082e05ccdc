import type { Host } from '../platform/host.ts'
import { type DataAge, findDataAges } from '../registry/data-age.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import {
  detectedRegistryNames,
  isSubRegistry,
  type RegistryName,
  registryNames,
  type SubRegistryName,
} from '../registry/schema/names.ts'
import { countEntries, type LoadedRegistry, type Snapshot } from '../registry/snapshot.ts'
import {
  ageSeconds,
  cacheTtlSeconds,
  evaluateFreshness,
  type Freshness,
  loadSyncStates,
  type SyncState,
  waitsUntil,
} from '../registry/sync-state.ts'
import { type Daemon, findDaemon } from './daemon-claim.ts'

/** Loads how fresh the registries of a home are, and which daemon syncs them. Reads only files. */
export async function loadStatus(home: string, host: Host): Promise<HomeStatus> {
  return toHomeStatus(await loadHomeFacts(home, host))
}

/** Loads the facts about a whole home for `toHomeStatus`. */
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

/** How fresh the registries of a home are, as `status --json` prints it. Times are ISO 8601 in UTC. */
export interface HomeStatus {
  readonly home: string
  readonly checked_at: string
  /** The process that keeps the home in sync; null when none does. */
  readonly daemon: DaemonStatus | null
  /** Age from which a registry is stale; null for a caller that may not read the hyper registry, which defines it. */
  readonly ttl_seconds: number | null
  /** The registries that the caller may read. */
  readonly registries: readonly RegistrySyncStatus[]
  /** How old the figures of providers and models are, by their `x-source`. */
  readonly data: readonly DataAge[]
  /** Polls of all registries: hits found the local copy still current. */
  readonly cache: { readonly hits: number; readonly misses: number; readonly hit_rate: number | null }
}

export interface DaemonStatus {
  readonly pid: number
  readonly since: string
  /** Name of the other host or container that it runs on. */
  readonly host?: string
  /** When a daemon on another host last renewed its claim, by its own clock. */
  readonly lease_renewed_at?: string
}

/** `never synced`: no sync has run yet. A registry that is only a file is fresh when it can be read. */
export type RegistryFreshness = Freshness | 'missing' | 'never synced'

export interface RegistrySyncStatus {
  readonly registry: RegistryName
  readonly freshness: RegistryFreshness
  /** Where its content comes from: an upstream, probes of this machine, or people who edit the file. */
  readonly source: 'upstream' | 'detection' | 'file'
  readonly url: string | null
  readonly last_attempt: string | null
  readonly last_success: string | null
  /** Since the last success. */
  readonly age_seconds: number | null
  readonly consecutive_failures: number
  /** Earliest time of the next attempt; null when no daemon runs, and the upstream sent no Retry-After. */
  readonly next_attempt: string | null
  /** Time until which the upstream wants no request (Retry-After); null when it sent none. */
  readonly not_before: string | null
  /** The error, a sentence. */
  readonly error: string | null
  /** The health that its upstream reports. */
  readonly upstream_health: string | null
  readonly entries: number
  readonly entries_count_expected: number | null
  /** Ids of entries that are left out because they are broken. */
  readonly broken: readonly string[]
  readonly cache_hits: number
  readonly cache_misses: number
}

const unwell: readonly RegistryFreshness[] = ['stale', 'failed', 'missing']

/** Whether a registry needs attention. One that was never synced only needs a sync. */
export function isUnwell({ freshness }: Pick<RegistrySyncStatus, 'freshness'>): boolean {
  return unwell.includes(freshness)
}

interface StatusFacts {
  /** Some registries may be hidden. */
  readonly snapshot: Snapshot
  /** See `toCurrentStates`. */
  readonly states: ReadonlyMap<SubRegistryName, SyncState>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly ttlSeconds: number
  readonly isDaemonRunning: boolean
}

/** The states of the current upstreams of a home. A state of a former upstream says nothing. */
export function toCurrentStates(snapshot: Snapshot, states: StatusFacts['states']): StatusFacts['states'] {
  return new Map([...states].filter(([name, { url }]) => url === findUrl(name, snapshot)))
}

/** The status of a visible registry, by its file and the attempts to sync it. */
export function toRegistryStatus(name: RegistryName, facts: StatusFacts): RegistrySyncStatus {
  const loaded = facts.snapshot.registries[name]
  const listed = isSubRegistry(name) ? findListed(name, facts.snapshot) : undefined
  const url = findUrl(name, facts.snapshot)
  const state = isSubRegistry(name) ? facts.states.get(name) : undefined
  const source = toSource(name, url, state)
  return {
    registry: name,
    freshness: toFreshness(loaded, source, state, facts),
    source,
    url,
    ...toAttempts(state, facts),
    error: toError(loaded) ?? toSyncError(state, facts.snapshot),
    upstream_health: state?.upstream_health ?? null,
    entries: countEntries(facts.snapshot, name),
    entries_count_expected: listed?.entries_count_expected ?? null,
    broken: loaded.quarantined,
    cache_hits: state?.cache_hits ?? 0,
    cache_misses: state?.cache_misses ?? 0,
  }
}

function toAttempts(state: SyncState | undefined, facts: StatusFacts) {
  return {
    last_attempt: state?.last_attempt ?? null,
    last_success: state?.last_success ?? null,
    age_seconds: (state && ageSeconds(state.last_success, facts.now)) ?? null,
    consecutive_failures: state?.consecutive_failures ?? 0,
    ...toPlans(state, facts),
  }
}

function findUrl(name: RegistryName, snapshot: Snapshot): string | null {
  const listed = isSubRegistry(name) ? findListed(name, snapshot) : undefined
  return (listed?.sync_enabled !== false && listed?.url) || null
}

// The daemon announces its next poll of the home. It does not poll an upstream that sent Retry-After before that time.
function toPlans(
  state: SyncState | undefined,
  { now, isDaemonRunning }: StatusFacts,
): Pick<RegistrySyncStatus, 'next_attempt' | 'not_before'> {
  const announced = (isDaemonRunning && state?.next_attempt) || null
  const end = state && waitsUntil(state, now)
  if (end === undefined) return { next_attempt: announced, not_before: null }
  const time = new Date(end).toISOString()
  const isLater = announced !== null && Date.parse(announced) >= end
  return { next_attempt: isLater ? announced : time, not_before: time }
}

function findListed(name: SubRegistryName, { registries }: Snapshot) {
  return registries.hyper.content?.sub_registries[name]
}

// A registry with a state of earlier attempts was probed.
function toSource(
  name: RegistryName,
  url: string | null,
  state: SyncState | undefined,
): RegistrySyncStatus['source'] {
  if (url !== null || typeof state?.url === 'string') return 'upstream'
  const isDetected = detectedRegistryNames.some(detected => detected === name)
  return isDetected || state ? 'detection' : 'file'
}

function toFreshness(
  loaded: LoadedRegistry,
  source: RegistrySyncStatus['source'],
  state: SyncState | undefined,
  { now, ttlSeconds }: StatusFacts,
): RegistryFreshness {
  if (loaded.state === 'missing' || loaded.state === 'failed') return loaded.state
  if (source === 'file') return 'fresh'
  return state ? evaluateFreshness(state, now, ttlSeconds) : 'never synced'
}

function toError({ state, path, diagnostics }: LoadedRegistry): string | undefined {
  if (state === 'missing') return `${path} is missing`
  const [first] = diagnostics
  return state === 'failed' && first ? `${path}:${first.line}:${first.column}: ${first.message}` : undefined
}

// The error may name the upstream, which only the hyper registry lists.
function toSyncError(state: SyncState | undefined, { registries }: Snapshot): string | null {
  if (state === undefined || state.error === null) return null
  const isVisible = registries.hyper.state !== 'hidden' || state.url === null
  return isVisible ? state.error : 'the last attempt to sync it failed'
}

interface HomeFacts extends Omit<StatusFacts, 'isDaemonRunning'> {
  readonly daemon: Daemon | undefined
}

/** How fresh the registries of a snapshot are. Omits hidden registries, and upstreams when the hyper registry is hidden. */
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
    data: findDataAges(snapshot, now),
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
