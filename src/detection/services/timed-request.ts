import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { Reach, WebAnswer } from '../../platform/web-request.ts'

export interface TimedAnswer {
  readonly answer: WebAnswer
  /** Milliseconds to the end of the answer, to a tenth; null when there was none. */
  readonly latencyMs: number | null
}

/** Asks an address, with no key and nothing else that tells who asks, and takes the time. Nothing of the answer is kept. */
export async function sendTimedRequest(
  { url, reach, timeoutMs }: { readonly url: string; readonly reach: Reach; readonly timeoutMs: number },
  host: Pick<Host, 'sendRequest' | 'interrupted' | 'clock'>,
): Promise<TimedAnswer> {
  const start = host.clock.elapsed()
  const answer = await host.sendRequest({
    url,
    reach,
    timeoutMs,
    maxBytes: limits.healthBytes,
    isBodyKept: false,
    signal: host.interrupted,
  })
  host.interrupted.throwIfAborted()
  const took = Math.round((host.clock.elapsed() - start) * 10) / 10
  return { answer, latencyMs: answer.outcome === 'answered' ? took : null }
}
