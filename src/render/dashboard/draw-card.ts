import type { Card } from '../../core/dashboard/card.ts'
import { type Canvas, quote, say, writeSentence } from './canvas.ts'
import { drawHead } from './card-head.ts'
import { components } from './index.ts'
import type { Line } from './line.ts'

/** A card by its component. What cannot be shown as it should be has a sentence in its place. */
export function drawCard(card: Card, canvas: Canvas): Line[] {
  const { component, trouble } = card
  if (component !== null && trouble === null) return components[component](card, canvas)
  const { signs } = canvas
  const head =
    card.state === null
      ? [say(`${signs.trouble} ${'broken'.padEnd(7)}`, 'bad'), quote(card.name, canvas, 'strong')]
      : drawHead(card, [], canvas)
  return [head, ...writeSentence(trouble ?? '', canvas, 'plain')]
}
