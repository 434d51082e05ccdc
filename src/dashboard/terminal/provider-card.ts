import type { Card } from '../model/card.ts'
import { describeProvider } from '../model/describe-provider.ts'
import { type Canvas, writeFacts, writeSentence } from './canvas.ts'
import { drawHead } from './card-head.ts'
import type { Line } from './line.ts'

/** A provider: whether it can be used, its key, whether it answers, its models and what they can do. */
export function drawProviderCard(card: Card, canvas: Canvas): Line[] {
  const { provider, facts, state } = card
  const reason = state !== 'on' && facts?.reason ? writeSentence(facts.reason, canvas, 'plain') : []
  return [
    drawHead(card, [], canvas),
    ...(reason.length > 0 || provider === null
      ? reason
      : writeFacts(describeProvider(provider), canvas, 'plain')),
    ...writeFacts(provider?.models ?? [], canvas, 'faint'),
    ...writeFacts(
      (provider?.capabilities ?? []).map(name => name.replaceAll('_', ' ')),
      canvas,
      'faint',
    ),
  ]
}
