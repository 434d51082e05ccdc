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

/** How one poll went. */
export type PollOutcome =
  | {
      readonly kind: 'success'
      /** Whether what was here stood already. */
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
      /** How long it wants to be left alone, in milliseconds. */
      readonly retryAfterMs: number | undefined
    }

interface Poll {
  readonly url: string
  /** When it ended, milliseconds since 1970. */
  readonly now: number
  readonly health: UpstreamHealth
}

/** What is remembered after a poll. A state that belongs to another upstream counts no more. */
export function toNextState(
  before: SyncState | undefined,
  outcome: PollOutcome,
  { url, now, health }: Poll,
): SyncState {
  const known = before?.url === url ? before : undefined
  const moment = new Date(now).toISOString()
  const common = {
    url,
    last_attempt: moment,
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
    last_success: moment,
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

/** What a sync with an upstream means for its registry. */
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

/** Puts together what is told of a poll. */
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
  const told = warnings.map(warning => `${source.url}: ${warning}`)
  if (state.error === null) return { ...common, status: 'ok', source: 'remote', warnings: told }
  const status = evaluateFreshness(state, now, ttlSeconds) === 'stale' ? 'stale' : 'failed'
  const wait = found.kind === 'waiting' ? explainWait(state, now) : ''
  const failure = `${source.name}: ${state.error}; ${wait}${explainCopy(state, age)}`
  return { ...common, status, source: 'cache', warnings: [failure, ...told] }
}

const nothing = { created: [], updated: [], removed: [], quarantined: [], warnings: [] } as const

function explainWait(state: SyncState, now: number): string {
  const left = Math.ceil(((waitsUntil(state, now) ?? now) - now) / 1000)
  return `it is left alone for another ${left} s, and sync --force asks all the same; `
}

function explainCopy({ is_refused: isRefused }: SyncState, age: number | undefined): string {
  if (age === undefined) return 'what is here never came from there'
  const copy = age < 0 ? 'of unknown age' : `${age} s old`
  return isRefused ? `what is here is ${copy}, and does not stand in for that` : `what is here is ${copy}`
}
