import type { Hyper } from '../../registry/schema/hyper.ts'

/** How one poll is made. */
export interface PollPolicy {
  /** Retries after the first attempt. */
  readonly retries: number
  /** Deadline of an attempt, in milliseconds. */
  readonly timeoutMs: number
  /** Deadline of the poll with all its attempts and pauses, in milliseconds: the next poll never waits for it. */
  readonly totalMs: number
}

const firstPauseMs = 1000

/** Polls come at intervals that vary by a tenth, so a poll has ended before the shortest of them. */
const partOfInterval = 0.85

/** The specification's policy: each attempt and all of them together have a deadline. */
export function toPollPolicy({
  interval_seconds: interval,
  retry_attempts: retries,
  timeout_seconds: timeout,
}: Hyper['sync_protocol']): PollPolicy {
  const timeoutMs = timeout * 1000
  const needed = (retries + 1) * timeoutMs + sumOfPauses(retries)
  return { retries, timeoutMs, totalMs: Math.min(needed, interval * 1000 * partOfInterval) }
}

/** Pause before a retry, in milliseconds: 1, 2, 4 s and so on, or as long as the upstream asks for. */
export function toPauseMs(retry: number, retryAfterMs: number | undefined): number {
  return Math.max(firstPauseMs * 2 ** (retry - 1), retryAfterMs ?? 0)
}

function sumOfPauses(retries: number): number {
  return firstPauseMs * (2 ** retries - 1)
}

/** Milliseconds that `Retry-After` asks for, in seconds or until a date; undefined when it says nothing. */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now)
}
