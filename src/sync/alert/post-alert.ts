import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import type { WebAnswer } from '../../platform/web-request.ts'
import type { TellSomebody } from './alert-message.ts'

export interface Webhook {
  readonly url: string
  /** Addresses near this machine that it may lead to. */
  readonly allowPrivate: readonly string[]
}

/** Posts alerts to a webhook. Its address is a secret to many services, so only the host of it is ever told. */
export function createPost(
  { url, allowPrivate }: Webhook,
  host: Pick<Host, 'sendRequest' | 'interrupted'>,
): TellSomebody {
  return async message => {
    const answer = await host.sendRequest({
      url,
      method: 'POST',
      reach: { kind: 'public', alsoPrivate: allowPrivate },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      timeoutMs: limits.webhookTimeoutMs,
      maxBytes: limits.healthBytes,
      isBodyKept: false,
      signal: host.interrupted,
    })
    const trouble = explainAnswer(answer)
    return trouble === null ? null : `the webhook at ${new URL(url).host} ${trouble}`
  }
}

function explainAnswer(answer: WebAnswer): string | null {
  switch (answer.outcome) {
    case 'answered':
      if (answer.status >= 200 && answer.status < 300) return null
      return answer.status >= 300 && answer.status < 400
        ? `leads elsewhere (${answer.status}), which is not followed`
        : `answers with ${answer.status}`
    case 'refused':
      return 'does not listen'
    case 'failed':
      return `does not answer: ${toCleanText(answer.reason)}`
    case 'too-large':
    case 'timed-out':
      return `did not answer within ${limits.webhookTimeoutMs / 1000} s`
    case 'out-of-reach':
      return 'is on this machine or near it: name it in allow_private of your configuration'
  }
}
