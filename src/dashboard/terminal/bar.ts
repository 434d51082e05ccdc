import { isFalling, type Reading, type ReadingLevel } from '../model/dashboard-view.ts'
import { formatNumber, formatValue } from '../model/describe.ts'
import { type Canvas, type Line, quoteReading, type Span, say, type TextTone } from './canvas.ts'

/** The whole that a reading is a part of: 100 of a percentage, 1 of a ratio; undefined when nothing says. */
export function wholeOf({ unit, value }: Pick<Reading, 'unit' | 'value'>): number | undefined {
  if (unit === '%') return 100
  return unit === null && value !== null && value >= 0 && value <= 1 ? 1 : undefined
}

/** A bar of a share of a whole, with thresholds where it is empty. Nothing where there is no share. */
export function drawBar(reading: Reading, canvas: Canvas, indent = 0): Line[] {
  const whole = wholeOf(reading)
  if (whole === undefined || reading.value === null) return []
  const { signs, width, isBounded } = canvas
  const frame = signs.isAscii ? (['[', ']'] as const) : (['', ''] as const)
  const columns = Math.max(1, (isBounded ? width : 40) - indent - frame.join('').length)
  const share = Math.min(1, Math.max(0, reading.value / whole))
  return [
    [
      say(`${' '.repeat(indent)}${frame[0]}`, 'faint'),
      ...drawCells(share, columns, canvas, reading),
      ...drawTicks(share, columns, canvas, reading, whole),
      ...(frame[1] === '' ? [] : [say(frame[1], 'faint')]),
    ],
  ]
}

function drawCells(share: number, columns: number, canvas: Canvas, { level }: Reading): Span[] {
  const text = toFilled(share, columns, canvas)
  return text === '' ? [] : [say(text, levelTone(level))]
}

function toFilled(share: number, columns: number, { signs: { full, eighths } }: Canvas): string {
  const steps = Math.round(share * columns * eighths.length)
  // Something is never nothing.
  const filled = share > 0 ? Math.max(1, steps) : 0
  return `${full.repeat(Math.floor(filled / eighths.length))}${eighths[filled % eighths.length] ?? ''}`
}

function drawTicks(share: number, columns: number, canvas: Canvas, reading: Reading, whole: number): Span[] {
  const start = toFilled(share, columns, canvas).length
  const place = (threshold: number | null) =>
    threshold === null ? -1 : Math.min(columns - 1, Math.floor((threshold / whole) * columns))
  const [warning, critical] = [place(reading.threshold_warning), place(reading.threshold_critical)]
  const spans: Span[] = []
  for (let at = start; at < columns; at += 1) {
    const tick = at === critical ? 'bad' : at === warning ? 'warning' : undefined
    spans.push(tick ? say(canvas.signs.tick, tick) : say(canvas.signs.empty, 'faint'))
  }
  return joinSpans(spans)
}

/** Pieces of the same tone as one. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last?.tone === span.tone) joined[joined.length - 1] = say(last.text + span.text, span.tone)
    else joined.push(span)
  }
  return joined
}

const tones: Readonly<Record<ReadingLevel, TextTone>> = {
  ok: 'good',
  warning: 'warning',
  critical: 'bad',
  unknown: 'warning',
}

/** Tone of a level. */
export function levelTone(level: ReadingLevel): TextTone {
  return tones[level]
}

/** Value and unit; the level in a word, and from where on it is that, unless all is well. */
export function writeReading(reading: Reading, canvas: Canvas): Line {
  const { value, unit, level } = reading
  if (value === null) return [say(`${canvas.signs.levels.unknown} unknown`, tones.unknown)]
  const amount = quoteReading(formatValue(value, unit), canvas, 'strong')
  // Where nothing says what is too much, nothing is well either.
  if (reading.threshold_warning === null && reading.threshold_critical === null) return [amount]
  return [amount, say(`  ${canvas.signs.levels[level]} ${writeLevel(reading)}`, tones[level])]
}

function writeLevel({ level, threshold_warning: warning, threshold_critical: critical }: Reading): string {
  const threshold = level === 'critical' ? critical : level === 'warning' ? warning : null
  if (threshold === null) return level
  return `${level} ${isFalling({ warning, critical }) ? 'down from' : 'from'} ${formatNumber(threshold)}`
}
