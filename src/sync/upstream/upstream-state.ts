import type { RegistryStatus, UpstreamReport } from '../../detection/report.ts'
import type { SubRegistryName } from '../../registry/schema/names.ts'
import {
  ageSeconds,
  evaluateFreshness,
  type SyncState,
  toNotBefore,
  waitsUntil,
} from '../../registry/sync-state.ts'
import type { UpstreamPlan } from './parse-upstream.ts'
import type { Polled } from './poll-source.ts'
import type { UpstreamHealth } from './upstream-health.ts'

/** The outcome of one poll. */
export type PollOutcome =
  | {
      readonly kind: 'success'
      /** Whether the local content was current. */
      readonly isHit: boolean
      /** Null: the upstream did not say. */
      readonly etag: string | null
      readonly lastModified: string | null
      readonly fileSha256: string
    }
  | {
      readonly kind: 'failure'
      readonly error: string
      readonly isRefused: boolean
      /** Retry-After of the upstream, in milliseconds. */
      readonly retryAfterMs: number | undefined
    }

interface Poll {
  readonly url: string
  /** When it ended, milliseconds since 1970. */
  readonly now: number
  readonly health: UpstreamHealth
}

/** The state after a poll. The state of a former upstream is dropped. */
export function toNextState(
  before: SyncState | undefined,
  outcome: PollOutcome,
  { url, now, health }: Poll,
): SyncState {
  const known = before?.url === url ? before : undefined
  const time = new Date(now).toISOString()
  const common = {
    url,
    last_attempt: time,
    next_attempt: before?.next_attempt ?? null,
    upstream_health: health,
  }
  const [hits, misses] = [known?.cache_hits ?? 0, known?.cache_misses ?? 0]
  if (outcome.kind === 'failure')
    return {
      ...common,
      not_before: outcome.retryAfterMs === undefined ? null : toNotBefore(outcome.retryAfterMs, now),
      last_success: known?.last_success ?? null,
      consecutive_failures: (known?.consecutive_failures ?? 0) + 1,
      error: outcome.error,
      is_refused: outcome.isRefused,
      etag: known?.etag ?? null,
      last_modified: known?.last_modified ?? null,
      file_sha256: known?.file_sha256 ?? null,
      cache_hits: hits,
      cache_misses: misses + 1,
    }
  return {
    ...common,
    not_before: null,
    last_success: time,
    consecutive_failures: 0,
    error: null,
    is_refused: false,
    etag: outcome.etag,
    last_modified: outcome.lastModified,
    file_sha256: outcome.fileSha256,
    cache_hits: hits + Number(outcome.isHit),
    cache_misses: misses + Number(!outcome.isHit),
  }
}

/** The result of a sync for a registry with an upstream. */
export interface UpstreamResult extends Pick<RegistryStatus, 'status' | 'source' | 'warnings'> {
  readonly name: SubRegistryName
  readonly upstream: UpstreamReport
  readonly durationMs: number
}

interface Parts {
  readonly polled: Polled
  readonly plan: UpstreamPlan | undefined
  /** After the poll. */
  readonly state: SyncState
  /** Milliseconds since 1970. */
  readonly now: number
  /** How old a copy may be. */
  readonly ttlSeconds: number
}

/** The report about a poll. */
export function toUpstreamResult({ polled, plan, state, now, ttlSeconds }: Parts): UpstreamResult {
  const { source, found, durationMs } = polled
  const { created, updated, removed } = plan?.kind === 'planned' ? plan : nothing
  const { quarantined, warnings } = found.kind === 'registry' ? found : nothing
  const age = ageSeconds(state.last_success, now)
  const upstream = {
    url: source.url,
    created,
    updated,
    removed,
    quarantined,
    health: state.upstream_health ?? 'unknown',
    age_seconds: age ?? null,
    error: state.error,
  }
  const common = { name: source.name, upstream, durationMs }
  const named = warnings.map(warning => `${source.url}: ${warning}`)
  if (state.error === null) return { ...common, status: 'ok', source: 'remote', warnings: named }
  const status = evaluateFreshness(state, now, ttlSeconds) === 'stale' ? 'stale' : 'failed'
  const wait = found.kind === 'waiting' ? explainWait(state, now) : ''
  const failure = `${source.name}: ${state.error}; ${wait}${explainCopy(state, age)}`
  return { ...common, status, source: 'cache', warnings: [failure, ...named] }
}

const nothing = { created: [], updated: [], removed: [], quarantined: [], warnings: [] } as const

function explainWait(state: SyncState, now: number): string {
  const left = Math.ceil(((waitsUntil(state, now) ?? now) - now) / 1000)
  return `the next poll is in ${left} s at the earliest, and sync --force polls now; `
}

function explainCopy({ is_refused: isRefused }: SyncState, age: number | undefined): string {
  if (age === undefined) return 'the local content never came from there'
  const copy = age < 0 ? 'of unknown age' : `${age} s old`
  return isRefused ? `the local content is ${copy}, and does not replace it` : `the local content is ${copy}`
}
