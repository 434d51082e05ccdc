import { evaluateReading, isFalling, type Reading, type ReadingLevel } from '../model/dashboard-view.ts'
import { formatNumber, formatValue } from '../model/describe.ts'
import { type Canvas, type Line, quoteReading, type Span, say, type TextTone } from './canvas.ts'
import { joinSpans } from './layout.ts'

const levelTones: Readonly<Record<ReadingLevel, TextTone>> = {
  ok: 'good',
  warning: 'warning',
  critical: 'bad',
  unknown: 'warning',
}

/** Whether there is a number: a server may send anything that JSON can write, and a source divide by zero. */
export function isKnown(value: number | null): value is number {
  return value !== null && Number.isFinite(value)
}

/** `high`, `critical`, `low`: what a level is called beside its sign. Empty where all is well. */
function describeLevel({ level, threshold_warning: warning, threshold_critical: critical }: Reading): string {
  if (level === 'critical') return 'critical'
  if (level !== 'warning') return ''
  return isFalling({ warning, critical }) ? 'low' : 'high'
}

/** Value and unit, after a sign where it is not as it should be; with the word for that where there is room. */
export function writeReading(reading: Reading, canvas: Canvas, hasWord = true): Line {
  const { value, unit, level } = reading
  if (!isKnown(value)) return [say(`${canvas.signs.levels.unknown} unknown`, levelTones.unknown)]
  const amount = quoteReading(formatValue(value, unit), canvas, 'strong')
  const word = describeLevel(reading)
  if (word === '') return [amount]
  const sign = canvas.signs.levels[level]
  return [say(hasWord ? `${sign} ${word}  ` : `${sign} `, levelTones[level]), amount]
}

/** Why a reading has no value. */
export function describeUnknown({ value, reason }: Reading): string {
  return reason ?? (value === null ? 'unknown' : 'its value is no number')
}

/** From which value on it is critical, where it is a warning already. */
export function describeThreshold({ level, threshold_critical: critical }: Reading): string {
  return level === 'warning' && critical !== null ? `critical at ${formatNumber(critical)}` : ''
}

/** A value over time, the newest at the right, each moment in the colour of its level. */
export function drawSparkline(reading: Reading, columns: number, { signs }: Canvas): Line {
  const shown = reading.history.slice(-columns)
  const { floor, span } = toRange(reading, shown)
  const toLevel = createJudge(reading)
  const spans = [say(signs.gap.repeat(Math.max(0, columns - shown.length)), 'faint')]
  let [text, tone]: [string, TextTone] = ['', 'faint']
  for (const value of shown) {
    const next = isKnown(value) ? levelTones[toLevel(value)] : 'faint'
    if (next !== tone) {
      spans.push(say(text, tone))
      text = ''
      tone = next
    }
    text += isKnown(value) ? toHeight((value - floor) / span, signs.heights) : signs.gap
  }
  return joinSpans([...spans, say(text, tone)].filter(each => each.text !== ''))
}

function toHeight(share: number, heights: readonly string[]): string {
  return heights[Math.min(heights.length - 1, Math.max(0, Math.floor(share * heights.length)))] ?? ''
}

function createJudge({ threshold_warning: warning, threshold_critical: critical }: Reading) {
  if (warning === null && critical === null) return (): ReadingLevel => 'ok'
  const thresholds = { warning, critical }
  return (value: number) => evaluateReading(value, thresholds)
}

/** Shares are drawn to their whole; anything else from nothing to a little above the most that there was. */
function toRange(
  reading: Reading,
  shown: readonly (number | null)[],
): { readonly floor: number; readonly span: number } {
  const values = shown.filter(isKnown)
  const floor = Math.min(0, ...values)
  const top = reading.unit === '%' ? 100 : Math.max(0, ...values) * 1.1
  return { floor, span: top - floor > 0 ? top - floor : 1 }
}

/** The whole that a reading is a part of: 100 of a percentage, 1 of a ratio; undefined when nothing says. */
export function wholeOf({ unit, value }: Pick<Reading, 'unit' | 'value'>): number | undefined {
  if (unit === '%') return 100
  return unit === null && isKnown(value) && value >= 0 && value <= 1 ? 1 : undefined
}

interface Bar extends Pick<Reading, 'level' | 'threshold_warning' | 'threshold_critical'> {
  readonly value: number
  readonly whole: number
  /** What part of the value something else takes. */
  readonly other?: number
}

/** A bar of a share of a whole, with thresholds where it is empty. */
export function drawBar(bar: Bar, width: number, canvas: Canvas): Line {
  const { value, whole, level, other = 0 } = bar
  const frame = canvas.signs.isAscii && width > 3 ? (['[', ']'] as const) : (['', ''] as const)
  const columns = Math.max(1, width - frame.join('').length)
  const toShare = (amount: number) => Math.min(1, Math.max(0, amount / whole))
  const all = toFilled(toShare(value), columns, canvas)
  const own = other > 0 ? toFilled(toShare(value - other), all.length, canvas, whole / value) : all
  const rest = canvas.signs.other.repeat(Math.max(0, all.length - own.length))
  return joinSpans([
    say(frame[0], 'faint'),
    say(own, levelTones[level]),
    say(rest, 'faint'),
    ...drawTicks(bar, { start: all.length, columns }, canvas),
    say(frame[1], 'faint'),
  ]).filter(({ text }) => text !== '')
}

function toFilled(share: number, columns: number, { signs: { full, eighths } }: Canvas, scale = 1): string {
  const steps = Math.round(Math.min(1, share * scale) * columns * eighths.length)
  // Something is never nothing.
  const filled = share > 0 ? Math.max(1, steps) : 0
  return `${full.repeat(Math.floor(filled / eighths.length))}${eighths[filled % eighths.length] ?? ''}`
}

function drawTicks(
  { whole, threshold_warning, threshold_critical }: Bar,
  { start, columns }: { readonly start: number; readonly columns: number },
  { signs }: Canvas,
): Span[] {
  const place = (threshold: number | null) =>
    threshold === null ? -1 : Math.min(columns - 1, Math.floor((threshold / whole) * columns))
  const [warning, critical] = [place(threshold_warning), place(threshold_critical)]
  const ticks = [...new Set([warning, critical])]
    .filter(at => at >= start)
    .sort((left, right) => left - right)
  const spans: Span[] = []
  let from = start
  for (const at of ticks) {
    spans.push(
      say(signs.empty.repeat(at - from), 'faint'),
      say(signs.tick, at === critical ? 'bad' : 'warning'),
    )
    from = at + 1
  }
  return [...spans, say(signs.empty.repeat(Math.max(0, columns - from)), 'faint')]
}
