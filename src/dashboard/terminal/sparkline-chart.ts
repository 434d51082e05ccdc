import type { Card } from '../model/card.ts'
import { judgeReading, type Reading } from '../model/reading.ts'
import { joinSpans, wholeOf } from './bar.ts'
import { type Canvas, say, writeSentence } from './canvas.ts'
import { drawHead } from './card-head.ts'
import { drawReadings } from './draw-readings.ts'
import type { Line, Span } from './line.ts'
import { levelTone, writeReading } from './reading-words.ts'

/** A value over time, the newest at the right, each moment in the colour of its level. */
export function drawSparklineChart(card: Card, canvas: Canvas): Line[] {
  const [reading] = card.readings
  if (card.state !== null || card.readings.length > 1 || reading === undefined) {
    const drawValue = (each: Reading) => [drawLine(each, canvas, 2)]
    return [drawHead(card, [], canvas), ...drawReadings(card.readings, canvas, drawValue)]
  }
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  const reason = reading.value === null ? writeSentence(reading.reason ?? '', canvas, 'faint') : []
  const isEmpty = reading.history.every(value => value === null)
  return [head, ...(isEmpty ? [] : [drawLine(reading, canvas, 0)]), ...reason]
}

function drawLine(reading: Reading, { width, isBounded, signs }: Canvas, indent: number): Line {
  const columns = Math.max(1, (isBounded ? width : 40) - indent)
  const shown = reading.history.slice(-columns)
  const { floor, span } = toScale(reading, shown)
  const bars = shown.map((value): Span => {
    if (value === null) return say(signs.gap, 'faint')
    const step = Math.floor(((value - floor) / span) * signs.heights.length)
    const height = signs.heights[Math.min(signs.heights.length - 1, Math.max(0, step))] ?? ''
    return say(height, levelTone(levelOf(value, reading)))
  })
  const before = say(`${' '.repeat(indent)}${signs.gap.repeat(columns - shown.length)}`, 'faint')
  return joinSpans([before, ...bars])
}

function levelOf(value: number, { threshold_warning: warning, threshold_critical: critical }: Reading) {
  return judgeReading(value, { warning, critical })
}

/** Shares are drawn to their whole; anything else from nothing to a little above the most that there was. */
function toScale(
  reading: Reading,
  shown: readonly (number | null)[],
): { readonly floor: number; readonly span: number } {
  const values = shown.filter(value => value !== null)
  const floor = Math.min(0, ...values)
  const top = reading.unit === '%' ? (wholeOf(reading) ?? 100) : Math.max(...values) * 1.1
  return { floor, span: top - floor > 0 ? top - floor : 1 }
}
