import { isJsonObject } from '../lib/json/json-value.ts'

/** How the health endpoint of an upstream judges the registry that it serves. */
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
  /** Whether its upstream said that there is nothing to be had, so that no old copy counts (401, 403, 404, 410). */
  readonly is_refused: boolean
  readonly etag: string | null
  /** As the upstream sent it. */
  readonly last_modified: string | null
  /** SHA-256 of the registry's file, without what is found on this machine, as the last success left it: `etag` belongs to that. */
  readonly file_sha256: string | null
  readonly upstream_health: (typeof upstreamHealths)[number] | null
  /** Polls that were answered from what is here, as nothing had changed, and those that were not. */
  readonly cache_hits: number
  readonly cache_misses: number
}

/** The state of a registry of which nothing is known but that it was tried, at a moment in ISO 8601. */
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
 * Until when an upstream is left alone, milliseconds since 1970; undefined when it may be asked at `now`. A state from
 * before the wall clock was set back holds nothing up.
 */
export function waitsUntil({ not_before: moment, last_attempt: attempt }: SyncState, now: number) {
  if (moment === null) return undefined
  const [end, start] = [Date.parse(moment), Date.parse(attempt)]
  return start <= now && now < end && end - start <= longestWaitMs ? end : undefined
}

/** The moment until which an upstream that asked for this is left alone, ISO 8601: an hour from `now` at most. */
export function toNotBefore(retryAfterMs: number, now: number): string {
  return new Date(now + Math.min(retryAfterMs, longestWaitMs)).toISOString()
}

type Check = (value: unknown) => boolean

const isText: Check = value => typeof value === 'string'
const isMoment: Check = value => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const isCount: Check = value => Number.isSafeInteger(value) && Number(value) >= 0
const isHealth: Check = value => upstreamHealths.some(health => health === value)
const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value)

const checks = {
  url: orNull(isText),
  last_attempt: isMoment,
  last_success: orNull(isMoment),
  next_attempt: orNull(isMoment),
  not_before: orNull(isMoment),
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
