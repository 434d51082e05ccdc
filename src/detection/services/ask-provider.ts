import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import type { Reach, WebAnswer } from '../../platform/web-request.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import { providerAddressOf } from './health-address.ts'
import { sendTimedRequest } from './timed-request.ts'

/** Whether the address of a provider answers; null when it was not asked. `reason` is a sentence without its full stop. */
export interface ProviderReach {
  readonly reachable: boolean | null
  readonly latencyMs: number | null
  readonly reason: string | null
}

/** Asks the address of a provider whether anything is there: any answer will do, "who are you?" too. */
export async function askProvider(
  provider: Pick<Provider, 'base_url' | 'endpoint'>,
  reach: Reach,
  host: Pick<Host, 'sendRequest' | 'interrupted' | 'clock'>,
): Promise<ProviderReach> {
  const url = providerAddressOf(provider)
  const { answer, latencyMs } = await sendTimedRequest(
    { url, reach, timeoutMs: limits.providerTimeoutMs },
    host,
  )
  return { ...judgeAnswer(answer, url), latencyMs }
}

function judgeAnswer(answer: WebAnswer, address: string): Omit<ProviderReach, 'latencyMs'> {
  switch (answer.outcome) {
    case 'answered':
      return { reachable: true, reason: null }
    case 'refused':
      return { reachable: false, reason: `nothing listens at ${address}` }
    case 'failed':
      if (answer.isOurs)
        return { reachable: null, reason: `${address} could not be asked: ${toCleanText(answer.reason)}` }
      return { reachable: false, reason: `${address} does not answer: ${toCleanText(answer.reason)}` }
    case 'too-large':
    case 'timed-out':
      return {
        reachable: false,
        reason: `${address} did not answer within ${limits.providerTimeoutMs / 1000} s`,
      }
    case 'out-of-reach':
      return {
        reachable: null,
        reason: `${address} leads to this machine or a network near it, which allow_private does not list: it was not asked`,
      }
  }
}
