import type { Reading } from '../model/reading.ts'
import { type Canvas, quote, say, writeSentence } from './canvas.ts'
import { fitEnds } from './card-head.ts'
import type { Line } from './line.ts'
import { writeReading } from './reading-words.ts'

/** Readings of a card as lines of a name and a value; of those without one the reason, once for all that share it. */
export function drawReadings(
  readings: readonly Reading[],
  canvas: Canvas,
  drawValue: (reading: Reading, canvas: Canvas) => Line[] = drawNothing,
): Line[] {
  const known = readings.filter(({ value }) => value !== null)
  const reasons = [...new Set(readings.flatMap(({ reason }) => reason ?? []))]
  return [
    ...known.flatMap(reading => [drawNamed(reading, canvas), ...drawValue(reading, canvas)]),
    ...reasons.flatMap(reason => drawUnknown(reason, readings, canvas)),
  ]
}

function drawNothing(): Line[] {
  return []
}

function drawNamed(reading: Reading, canvas: Canvas): Line {
  return fitEnds([say('  '), quote(reading.name, canvas)], writeReading(reading, canvas), canvas)
}

function drawUnknown(reason: string, readings: readonly Reading[], canvas: Canvas): Line[] {
  const names = readings.filter(reading => reading.reason === reason).map(({ name }) => name)
  const sign = canvas.signs.levels.unknown
  const title = quote(names.join(', '), canvas)
  return [
    fitEnds([say('  '), title], [say(`${sign} unknown`, 'warning')], canvas),
    ...writeSentence(reason, canvas, 'faint', 4),
  ]
}
