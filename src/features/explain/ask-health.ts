import type { Host, WebAnswer } from '../../core/host.ts'
import { limits } from '../../core/limits.ts'
import { toCleanText } from '../../core/text.ts'
import { toShellWord } from '../../core/to-shell-word.ts'
import type { Microservice } from '../../schema/microservice.ts'
import { type Condition, notReady, ready, unknown } from './condition.ts'

/** Asks a service of a trusted home whether it is well. */
export async function askHealth(
  { url, health_endpoint: endpoint }: Microservice,
  host: Pick<Host, 'sendRequest' | 'interrupted'>,
): Promise<Condition> {
  if (endpoint === undefined) {
    return unknown(
      'its entry names no path that tells its health',
      'Name one as health_endpoint in its entry',
    )
  }
  const address = toAddress(url, endpoint)
  const { healthTimeoutMs: timeoutMs, healthBytes: maxBytes } = limits
  const answer = await host.sendRequest({
    url: address,
    reach: { kind: 'loopback' },
    timeoutMs,
    maxBytes,
    isBodyKept: false,
    signal: host.interrupted,
  })
  host.interrupted.throwIfAborted()
  return judgeAnswer(answer, address)
}

// The service may live below a path of its own.
function toAddress(url: string, endpoint: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/+$/, '')}${endpoint}`
}

function judgeAnswer(answer: WebAnswer, address: string): Condition {
  const start = `Start it: it is expected at ${address}`
  switch (answer.outcome) {
    case 'answered':
      if (answer.status === 200) return ready()
      return notReady(
        `${address} answers with ${answer.status}`,
        'See its log; it is well when it answers with 200',
      )
    case 'refused':
      return notReady(`nothing listens at ${address}`, start)
    case 'failed':
      return notReady(`${address} does not answer: ${toCleanText(answer.reason)}`, start)
    case 'too-large':
    case 'timed-out':
      return unknown(
        `${address} did not answer within ${limits.healthTimeoutMs / 1000} s`,
        'See its log, or start it again',
      )
    case 'out-of-reach':
      return unknown(
        `${address} is not on this machine, and only this machine is asked`,
        `Ask it yourself: curl ${toShellWord(address)}`,
      )
  }
}
