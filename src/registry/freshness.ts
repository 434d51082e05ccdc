import type { SyncState } from './sync-state.ts'

/**
 * How far what is here of a registry can be believed. `stale`: the last attempt failed, or was too long ago, and the
 * copy that is here is not yet too old. `failed`: it is, or there never was one, or its upstream refused it.
 */
export type Freshness = 'fresh' | 'stale' | 'failed'

/** Judges a registry by its last attempts. `now` is milliseconds since 1970, `ttlSeconds` how old a copy may be. */
export function judgeFreshness(state: SyncState, now: number, ttlSeconds: number): Freshness {
  const age = ageSeconds(state.last_success, now)
  if (state.is_refused || age === undefined) return 'failed'
  // A success to come is from before the clock was set back: nobody knows how old it is.
  if (age < 0) return 'stale'
  if (age > ttlSeconds) return state.consecutive_failures > 0 ? 'failed' : 'stale'
  return state.consecutive_failures > 0 ? 'stale' : 'fresh'
}

/** Seconds since a moment; below zero for one to come, undefined for none. */
export function ageSeconds(moment: string | null, now: number): number | undefined {
  return moment === null ? undefined : Math.floor((now - Date.parse(moment)) / 1000)
}
