import { countEntries } from '../registry/count-entries.ts'
import { ageSeconds, judgeFreshness } from '../registry/freshness.ts'
import {
  detectedRegistryNames,
  isSubRegistry,
  type RegistryName,
  type SubRegistryName,
} from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'
import { type SyncState, waitsUntil } from '../registry/sync-state.ts'
import type { RegistryFreshness, RegistrySyncStatus } from './home-status.ts'

export interface StatusFacts {
  /** Of which some may be hidden. */
  readonly snapshot: Snapshot
  /** See `toCurrentStates`. */
  readonly states: ReadonlyMap<SubRegistryName, SyncState>
  /** Milliseconds since 1970. */
  readonly now: number
  readonly ttlSeconds: number
  readonly isDaemonRunning: boolean
}

/** The states that are about the upstreams of a home as it is: what is remembered of another one says nothing of this. */
export function toCurrentStates(snapshot: Snapshot, states: StatusFacts['states']): StatusFacts['states'] {
  return new Map([...states].filter(([name, { url }]) => url === findUrl(name, snapshot)))
}

/** What is known of one registry that may be seen: its file, and the attempts to keep it fresh. */
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

// What the daemon has announced is when it polls the home: an upstream that wants to be left alone is not asked then.
function toPlans(
  state: SyncState | undefined,
  { now, isDaemonRunning }: StatusFacts,
): Pick<RegistrySyncStatus, 'next_attempt' | 'not_before'> {
  const announced = (isDaemonRunning && state?.next_attempt) || null
  const end = state && waitsUntil(state, now)
  if (end === undefined) return { next_attempt: announced, not_before: null }
  const moment = new Date(end).toISOString()
  const isLater = announced !== null && Date.parse(announced) >= end
  return { next_attempt: isLater ? announced : moment, not_before: moment }
}

function findListed(name: SubRegistryName, { registries }: Snapshot) {
  return registries.hyper.content?.sub_registries[name]
}

// A registry of which attempts are remembered has been looked at, whichever it is.
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
  return state ? judgeFreshness(state, now, ttlSeconds) : 'never synced'
}

function toError({ state, path, diagnostics }: LoadedRegistry): string | undefined {
  if (state === 'missing') return `${path} is missing`
  const [first] = diagnostics
  return state === 'failed' && first ? `${path}:${first.line}:${first.column}: ${first.message}` : undefined
}

// It may name the upstream, which the hyper registry alone tells.
function toSyncError(state: SyncState | undefined, { registries }: Snapshot): string | null {
  if (state === undefined || state.error === null) return null
  const isTold = registries.hyper.state !== 'hidden' || state.url === null
  return isTold ? state.error : 'the last attempt to bring it up to date failed'
}
