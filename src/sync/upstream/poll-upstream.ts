import pRetry from 'p-retry'
import type { Host } from '../../platform/host.ts'
import { sleepUnlessInterrupted, throwIfInterrupted } from '../../registry/lock/interruption.ts'
import { type DocumentRequest, type Fetched, type FetchFailure, fetchDocument } from './fetch-document.ts'
import { type PollPolicy, toPauseMs } from './poll-policy.ts'

export type PollHost = Pick<Host, 'sendRequest' | 'interrupted' | 'clock'>

/**
 * Asks an upstream for its document, and again after a pause while it fails in a way that may pass. Ends before the
 * policy's deadline; throws only when the user interrupts.
 */
export async function pollUpstream(
  request: Omit<DocumentRequest, 'timeoutMs'>,
  policy: PollPolicy,
  host: PollHost,
): Promise<Fetched> {
  const { clock } = host
  const end = clock.elapsed() + policy.totalMs
  let failure: FetchFailure | undefined
  const attempt = async () => {
    const timeoutMs = Math.max(1, Math.floor(Math.min(policy.timeoutMs, end - clock.elapsed())))
    const fetched = await fetchDocument({ ...request, timeoutMs }, host)
    throwIfInterrupted(host)
    failure = fetched.outcome === 'failed' ? fetched : undefined
    if (failure?.isTemporary) throw new Error(failure.reason)
    return fetched
  }
  // The library decides how often; the pauses are slept here, by the host's clock.
  const shouldRetry = async ({ attemptNumber }: { attemptNumber: number }) => {
    if (failure === undefined) return false
    const pause = toPauseMs(attemptNumber, failure.retryAfterMs)
    if (clock.elapsed() + pause >= end) return false
    await sleepUnlessInterrupted(pause, host)
    return true
  }
  try {
    return await pRetry(attempt, { retries: policy.retries, minTimeout: 0, shouldRetry })
  } catch (error) {
    if (failure === undefined || host.interrupted.aborted) throw error
    return failure
  }
}
