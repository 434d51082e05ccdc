import type { Card } from '../model/card.ts'
import type { Reading } from '../model/reading.ts'
import { drawBar } from './bar.ts'
import { type Canvas, writeSentence } from './canvas.ts'
import { drawAbsence, drawHead } from './card-head.ts'
import { drawReadings } from './draw-readings.ts'
import type { Line } from './line.ts'
import { writeReading } from './reading-words.ts'

/** How much of a whole: a bar, the value, and its level in a word. That of a tool has its state, and a bar for each reading. */
export function drawGaugeMeter(card: Card, canvas: Canvas): Line[] {
  const [reading] = card.readings
  if (card.state !== null || card.readings.length > 1 || reading === undefined) return drawTool(card, canvas)
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  if (reading.value === null) return [head, ...writeSentence(reading.reason ?? '', canvas, 'faint')]
  return [head, ...drawBar(reading, canvas)]
}

function drawTool(card: Card, canvas: Canvas): Line[] {
  const { state, facts, readings } = card
  // Of what is not here nothing is to be measured.
  if (state === 'off') return [drawAbsence(card, canvas)]
  const reason = state === 'on' || !facts?.reason ? [] : writeSentence(facts.reason, canvas, 'plain')
  const drawValue = (reading: Reading) => drawBar(reading, canvas, 2)
  return [drawHead(card, [], canvas), ...reason, ...drawReadings(readings, canvas, drawValue)]
}
