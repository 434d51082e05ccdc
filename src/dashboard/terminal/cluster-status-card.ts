import type { Card } from '../model/card.ts'
import type { Reading } from '../model/reading.ts'
import { drawBar, wholeOf } from './bar.ts'
import { type Canvas, quote, writeFacts, writeSentence } from './canvas.ts'
import { drawAbsence, drawHead } from './card-head.ts'
import { drawReadings } from './draw-readings.ts'
import type { Line } from './line.ts'

/** A cluster: whether it can be worked with, which one it is, and its pods, nodes and memory. */
export function drawClusterStatusCard(card: Card, canvas: Canvas): Line[] {
  const { state, facts, variables, readings } = card
  if (state === 'off') return [drawAbsence(card, canvas)]
  const version = facts?.version ? [quote(facts.version, canvas, 'faint')] : []
  const reason = state === 'on' || !facts?.reason ? [] : writeSentence(facts.reason, canvas, 'plain')
  // The first variable says whether it is here, which the state does too.
  const told = variables.slice(1).flatMap(({ name, value }) => (value === null ? [] : `${name}=${value}`))
  const drawValue = (reading: Reading) => (wholeOf(reading) === 100 ? drawBar(reading, canvas, 2) : [])
  return [
    drawHead(card, version, canvas),
    ...reason,
    ...writeFacts(told, canvas, 'faint'),
    ...drawReadings(readings, canvas, drawValue),
  ]
}
