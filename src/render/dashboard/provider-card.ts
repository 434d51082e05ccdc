import type { Card, ProviderFacts } from '../../core/dashboard/card.ts'
import { type Canvas, say, writeFacts, writeSentence } from './canvas.ts'
import { drawHead } from './card-head.ts'
import type { Line } from './line.ts'
import { formatNumber } from './reading-words.ts'

/** A provider: whether it can be used, its key, whether it answers, its models and what they can do. */
export function drawProviderCard(card: Card, canvas: Canvas): Line[] {
  const { provider, facts, state } = card
  const latency = provider?.latency_ms ?? null
  const end = latency === null ? [] : [say(`${formatNumber(latency)} ms`, 'faint')]
  const reason = state !== 'on' && facts?.reason ? writeSentence(facts.reason, canvas, 'plain') : []
  return [
    drawHead(card, end, canvas),
    ...(reason.length > 0 || provider === null ? reason : writeFacts(describe(provider), canvas, 'plain')),
    ...writeFacts(provider?.models ?? [], canvas, 'faint'),
    ...writeFacts(
      (provider?.capabilities ?? []).map(name => name.replaceAll('_', ' ')),
      canvas,
      'faint',
    ),
  ]
}

function describe({ is_key_set: isKeySet, is_reachable: isReachable }: ProviderFacts): string[] {
  const key = isKeySet === null ? 'nobody has looked for its key' : isKeySet ? 'key set' : 'no key'
  const answers = isReachable === null ? 'not asked' : isReachable ? 'answers' : 'does not answer'
  return [key, answers]
}
