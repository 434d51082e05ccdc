import { formatNumber, formatValue } from '../model/format-value.ts'
import { isFalling, type Reading, type ReadingLevel } from '../model/reading.ts'
import { type Canvas, quote, say } from './canvas.ts'
import type { Line, Tone } from './line.ts'

const tones: Readonly<Record<ReadingLevel, Tone>> = {
  ok: 'good',
  warning: 'warning',
  critical: 'bad',
  unknown: 'warning',
}

/** Tone of a level. */
export function levelTone(level: ReadingLevel): Tone {
  return tones[level]
}

/** Value and unit; the level in a word, and from where on it is that, unless all is well. */
export function writeReading(reading: Reading, canvas: Canvas): Line {
  const { value, unit, level } = reading
  if (value === null) return [say(`${canvas.signs.levels.unknown} unknown`, tones.unknown)]
  const amount = quote(formatValue(value, unit), canvas, 'strong')
  // Where nothing says what is too much, nothing is well either.
  if (reading.threshold_warning === null && reading.threshold_critical === null) return [amount]
  return [amount, say(`  ${canvas.signs.levels[level]} ${writeLevel(reading)}`, tones[level])]
}

function writeLevel({ level, threshold_warning: warning, threshold_critical: critical }: Reading): string {
  const threshold = level === 'critical' ? critical : level === 'warning' ? warning : null
  if (threshold === null) return level
  return `${level} ${isFalling({ warning, critical }) ? 'down from' : 'from'} ${formatNumber(threshold)}`
}
