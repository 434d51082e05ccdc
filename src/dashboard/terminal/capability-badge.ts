import type { Card } from '../model/card.ts'
import { type Canvas, quote, writeSentence } from './canvas.ts'
import { drawAbsence, drawHead } from './card-head.ts'
import { drawReadings } from './draw-readings.ts'
import type { Line } from './line.ts'

/** Whether something is here: one line, and a sentence below where it is not as it should be. */
export function drawCapabilityBadge(card: Card, canvas: Canvas): Line[] {
  const { state, facts, readings } = card
  const below = drawReadings(readings, canvas)
  if (state === 'off') return [drawAbsence(card, canvas), ...below]
  const version = facts?.version ? [quote(facts.version, canvas, 'faint')] : []
  const reason = state === 'on' || !facts?.reason ? [] : writeSentence(facts.reason, canvas, 'plain')
  return [drawHead(card, version, canvas), ...reason, ...below]
}
