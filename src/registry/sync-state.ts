import { errorMessage } from '../lib/errors.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import type { Host, UserFilesHost } from '../platform/host.ts'
import { stateDirectory, storedName } from './home/directories.ts'
import { readPrivateFile, writePrivateFile } from './home/files.ts'
import { type SubRegistryName, subRegistryNames } from './schema/names.ts'
import type { LoadedRegistry } from './snapshot.ts'

/**
 * How far what is here of a registry can be believed. `stale`: the last attempt failed, or was too long ago, and the
 * copy that is here is not yet too old. `failed`: it is, or there never was one, or its upstream refused it.
 */
export type Freshness = 'fresh' | 'stale' | 'failed'

/** Rates the freshness of a registry by its last attempts. `now` is milliseconds since 1970, `ttlSeconds` how old a copy may be. */
export function evaluateFreshness(state: SyncState, now: number, ttlSeconds: number): Freshness {
  const age = ageSeconds(state.last_success, now)
  if (state.is_refused || age === undefined) return 'failed'
  // A success to come is from before the clock was set back: its age is unknown.
  if (age < 0) return 'stale'
  if (age > ttlSeconds) return state.consecutive_failures > 0 ? 'failed' : 'stale'
  return state.consecutive_failures > 0 ? 'stale' : 'fresh'
}

/** Seconds since a time; below zero for the future, undefined for none. */
export function ageSeconds(time: string | null, now: number): number | undefined {
  return time === null ? undefined : Math.floor((now - Date.parse(time)) / 1000)
}

/** Health that an upstream reports for a registry that it serves. */
export const upstreamHealths = ['fresh', 'stale', 'failed', 'unknown'] as const

/** What is remembered of the attempts to keep one registry fresh. Times are ISO 8601 in UTC. */
export interface SyncState {
  /** Address of its upstream; null for what is found out on this machine. */
  readonly url: string | null
  readonly last_attempt: string
  readonly last_success: string | null
  /** When the daemon will try again; null when none is running. */
  readonly next_attempt: string | null
  /** Until when its upstream wants to be left alone; null when it did not say. */
  readonly not_before: string | null
  readonly consecutive_failures: number
  /** Why the last attempt failed, a sentence without its full stop. */
  readonly error: string | null
  /** Whether its upstream refused it, so that no old copy counts (401, 403, 404, 410). */
  readonly is_refused: boolean
  readonly etag: string | null
  /** As the upstream sent it. */
  readonly last_modified: string | null
  /** SHA-256 of the registry's file, without what is found on this machine, as the last success left it: `etag` belongs to that. */
  readonly file_sha256: string | null
  readonly upstream_health: (typeof upstreamHealths)[number] | null
  /** Polls that found no change, and those that did. */
  readonly cache_hits: number
  readonly cache_misses: number
}

/** The state of a registry after a first attempt, at a time in ISO 8601. */
export function createSyncState(lastAttempt: string): SyncState {
  return {
    url: null,
    last_attempt: lastAttempt,
    last_success: null,
    next_attempt: null,
    not_before: null,
    consecutive_failures: 0,
    error: null,
    is_refused: false,
    etag: null,
    last_modified: null,
    file_sha256: null,
    upstream_health: null,
    cache_hits: 0,
    cache_misses: 0,
  }
}

/** Longest time that an upstream is left alone because it said so, in milliseconds. */
const longestWaitMs = 3_600_000

/**
 * Until when an upstream is left alone, milliseconds since 1970; undefined when it may be polled at `now`. A state from
 * before the wall clock was set back delays nothing.
 */
export function waitsUntil({ not_before: time, last_attempt: attempt }: SyncState, now: number) {
  if (time === null) return undefined
  const [end, start] = [Date.parse(time), Date.parse(attempt)]
  return start <= now && now < end && end - start <= longestWaitMs ? end : undefined
}

/** The time until which an upstream that requested this is left alone, ISO 8601: an hour from `now` at most. */
export function toNotBefore(retryAfterMs: number, now: number): string {
  return new Date(now + Math.min(retryAfterMs, longestWaitMs)).toISOString()
}

type Check = (value: unknown) => boolean

const isText: Check = value => typeof value === 'string'
const isTimestamp: Check = value => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const isCount: Check = value => Number.isSafeInteger(value) && Number(value) >= 0
const isHealth: Check = value => upstreamHealths.some(health => health === value)
const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value)

const checks = {
  url: orNull(isText),
  last_attempt: isTimestamp,
  last_success: orNull(isTimestamp),
  next_attempt: orNull(isTimestamp),
  not_before: orNull(isTimestamp),
  consecutive_failures: isCount,
  error: orNull(isText),
  is_refused: value => typeof value === 'boolean',
  etag: orNull(isText),
  last_modified: orNull(isText),
  file_sha256: orNull(isText),
  upstream_health: orNull(isHealth),
  cache_hits: isCount,
  cache_misses: isCount,
} satisfies Record<keyof SyncState, Check>

/** Whether a value is a state. Checked by hand: building the schema for it would take longer than a poll. */
export function isSyncState(value: unknown): value is SyncState {
  return isJsonObject(value) && Object.entries(checks).every(([key, check]) => check(value[key]))
}

/**
 * Why a registry's file cannot be used, a sentence without its full stop; undefined when it can. It quotes nothing from
 * the file, because others may read it.
 */
export function describeError(registry: Pick<LoadedRegistry, 'name' | 'path' | 'state' | 'diagnostics'>) {
  const { name, path, state, diagnostics } = registry
  if (state === 'ok') return undefined
  if (state === 'hidden') return `sign in to see ${name}`
  if (state === 'missing') return `${path} is missing`
  const [error] = diagnostics
  if (error === undefined || error.rule === 'missing-registry') return `${path} cannot be read`
  return `${path}:${error.line}:${error.column}: ${errorTexts[error.rule] ?? 'it is not what its schema says'}`
}

const errorTexts: Readonly<Record<string, string>> = {
  'json-syntax': 'it is not JSON that can be read',
  encoding: 'it is not UTF-8',
  'duplicate-key': 'a key stands there twice',
}

/** Saves the result of a sync of a registry. Returns a sentence when that fails: the registry files are valid all the same. */
export async function keepSyncState(
  home: string,
  name: SubRegistryName,
  state: SyncState,
  host: Host,
): Promise<string[]> {
  try {
    await saveSyncState(home, name, state, host)
    return []
  } catch (error) {
    return [`how the sync of ${name} went could not be kept: ${errorMessage(error)}`]
  }
}

/** Largest file of a state that is read, in bytes. */
const stateBytes = 16 * 1024

/** States of the registries of a home, as far as they are known. What cannot be read is not known. */
export async function loadSyncStates(
  home: string,
  host: UserFilesHost,
): Promise<ReadonlyMap<SubRegistryName, SyncState>> {
  const states = await Promise.all(
    subRegistryNames.map(async (name): Promise<[SubRegistryName, SyncState][]> => {
      const path = statePath(home, name, host)
      const text = path && (await readPrivateFile(path, stateBytes, host).catch(() => undefined))
      const state = text ? parseState(text) : undefined
      return state ? [[name, state]] : []
    }),
  )
  return new Map(states.flat())
}

/** Keeps a state, in a file for each registry: two processes that sync others do not undo each other's. */
export async function saveSyncState(
  home: string,
  name: SubRegistryName,
  state: SyncState,
  host: UserFilesHost,
): Promise<void> {
  const path = statePath(home, name, host)
  if (path !== undefined) await writePrivateFile(path, JSON.stringify(state), host, { isDurable: false })
}

function parseState(text: string): SyncState | undefined {
  try {
    const state: unknown = JSON.parse(text)
    return isSyncState(state) ? state : undefined
  } catch {
    return undefined
  }
}

function statePath(home: string, name: SubRegistryName, host: UserFilesHost): string | undefined {
  const directory = stateDirectory(host)
  const own = storedName(home, host)
  return directory && host.path.join(directory, 'sync', own, `${name}.json`)
}

const defaultSeconds = 300

/** Age in seconds from which cached results of a home are stale: its own `cache_ttl_seconds`, else 300. */
export function cacheTtlSeconds({ content }: Pick<LoadedRegistry<'hyper'>, 'content'>): number {
  return content?.metadata.cache_ttl_seconds ?? defaultSeconds
}
