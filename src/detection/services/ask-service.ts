import { limits } from '../../lib/limits.ts'
import { toShellWord } from '../../lib/shell/to-shell-word.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import type { WebAnswer } from '../../platform/web-request.ts'
import { sendTimedRequest } from './timed-request.ts'

/** How a service is, as far as it told. `reason` is a sentence without its full stop. */
export type ServiceHealth =
  | { readonly status: 'up'; readonly latencyMs: number | null }
  | {
      readonly status: 'down' | 'unknown'
      readonly latencyMs: number | null
      readonly reason: string
      /** What to do about it. */
      readonly hint: string
    }

/** Asks the address that tells whether a service is well. It is asked on this machine alone. */
export async function askService(
  address: string,
  host: Pick<Host, 'sendRequest' | 'interrupted' | 'clock'>,
): Promise<ServiceHealth> {
  const request = { url: address, reach: { kind: 'loopback' }, timeoutMs: limits.healthTimeoutMs } as const
  const { answer, latencyMs } = await sendTimedRequest(request, host)
  return { latencyMs, ...judgeAnswer(answer, address) }
}

export function unknownHealth(reason: string, hint: string): ServiceHealth {
  return { status: 'unknown', latencyMs: null, reason, hint }
}

type Judgement =
  | { readonly status: 'up' }
  | { readonly status: 'down' | 'unknown'; readonly reason: string; readonly hint: string }

function judgeAnswer(answer: WebAnswer, address: string): Judgement {
  const start = `Start it: it is expected at ${address}`
  switch (answer.outcome) {
    case 'answered':
      if (answer.status === 200) return { status: 'up' }
      return {
        status: 'down',
        reason: `${address} answers with ${answer.status}`,
        hint: 'See its log; it is well when it answers with 200',
      }
    case 'refused':
      return { status: 'down', reason: `nothing listens at ${address}`, hint: start }
    case 'failed':
      if (answer.isOurs) {
        const reason = `${address} could not be asked: ${toCleanText(answer.reason)}`
        return { status: 'unknown', reason, hint: 'See `ulimit -n` and what this machine is busy with' }
      }
      return {
        status: 'down',
        reason: `${address} does not answer: ${toCleanText(answer.reason)}`,
        hint: start,
      }
    case 'too-large':
    case 'timed-out':
      return {
        status: 'unknown',
        reason: `${address} did not answer within ${limits.healthTimeoutMs / 1000} s`,
        hint: 'See its log, or start it again',
      }
    case 'out-of-reach':
      return {
        status: 'unknown',
        reason: `${address} is not on this machine, and only this machine is asked`,
        hint: `Ask it yourself: curl ${toShellWord(address)}`,
      }
  }
}
