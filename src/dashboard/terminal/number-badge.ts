import type { Card } from '../model/card.ts'
import { type Canvas, writeSentence } from './canvas.ts'
import { drawHead } from './card-head.ts'
import { drawReadings } from './draw-readings.ts'
import type { Line } from './line.ts'
import { writeReading } from './reading-words.ts'

/** A plain number. */
export function drawNumberBadge(card: Card, canvas: Canvas): Line[] {
  const [reading] = card.readings
  if (card.state !== null || card.readings.length > 1 || reading === undefined) {
    return [drawHead(card, [], canvas), ...drawReadings(card.readings, canvas)]
  }
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  return reading.value === null ? [head, ...writeSentence(reading.reason ?? '', canvas, 'faint')] : [head]
}
