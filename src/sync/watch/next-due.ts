import type { Host } from '../../platform/host.ts'

/** How far a poll may be from its time, so that machines that were started together do not ask together. */
const jitter = 0.1
/** Least pause between two polls, as a part of the interval: one that takes longer than the interval gets no others at its heels. */
const leastPause = 0.1

interface PollTimes {
  /** Times of the monotonic clock, and the interval, in milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly intervalMs: number
}

/** When the next poll is due: an interval after the last one began, give or take a tenth. */
export function nextDue(
  { startedAt, endedAt, intervalMs }: PollTimes,
  host: Pick<Host, 'randomName'>,
): number {
  const fraction = Number.parseInt(host.randomName().slice(0, 8), 16) / 0xffff_ffff
  const period = intervalMs * (1 + jitter * (2 * fraction - 1))
  return Math.max(startedAt + period, endedAt + intervalMs * leastPause)
}
