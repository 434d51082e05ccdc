import type { Card } from '../model/card.ts'
import { type Canvas, quote, say, writeSentence } from './canvas.ts'
import { drawHead } from './card-head.ts'
import { components } from './index.ts'
import { cutLine, type Line } from './line.ts'

/** A card by its component. What cannot be shown as it should be has a sentence in its place. */
export function drawCard(card: Card, canvas: Canvas): Line[] {
  const { component, trouble } = card
  const isSound = component !== null && trouble === null
  const lines = isSound ? components[component](card, canvas) : drawTrouble(card, canvas)
  const { isBounded, width, signs } = canvas
  return isBounded ? lines.map(line => cutLine(line, width, signs.ellipsis)) : lines
}

function drawTrouble(card: Card, canvas: Canvas): Line[] {
  const { signs } = canvas
  const head =
    card.state === null
      ? [say(`${signs.trouble} ${'broken'.padEnd(8)}`, 'bad'), quote(card.name, canvas, 'strong')]
      : drawHead(card, [], canvas)
  return [head, ...writeSentence(card.trouble ?? '', canvas, 'plain')]
}
