import { type SyncState, toNotBefore } from '../../registry/sync-state.ts'
import type { UpstreamHealth } from './ask-upstream-health.ts'

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
