import type { Reading, ReadingLevel } from '../../core/dashboard/reading.ts'
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

/** A number as short as it can be read. What is too small to be written so is said to be less than that. */
export function formatNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e12) return value.toExponential(1)
  if (size > 0 && size < 0.001) return value > 0 ? '<0.001' : '>-0.001'
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3
  const [whole = '', fraction = ''] = value.toFixed(digits).split('.')
  const rest = fraction.replace(/0+$/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ' ')
  return `${grouped === '-0' && rest === '' ? '0' : grouped}${rest === '' ? '' : `.${rest}`}`
}

/** Value and unit; the level in a word, and from where on it is that, unless all is well. */
export function writeReading(reading: Reading, canvas: Canvas): Line {
  const { value, unit, level } = reading
  if (value === null) return [say(`${canvas.signs.levels.unknown} unknown`, tones.unknown)]
  const amount = quote(
    unit === null ? formatNumber(value) : `${formatNumber(value)} ${unit}`,
    canvas,
    'strong',
  )
  // Where nothing says what is too much, nothing is well either.
  if (reading.threshold_warning === null && reading.threshold_critical === null) return [amount]
  return [amount, say(`  ${canvas.signs.levels[level]} ${writeLevel(reading)}`, tones[level])]
}

function writeLevel({ level, threshold_warning: warning, threshold_critical: critical }: Reading): string {
  const threshold = level === 'critical' ? critical : level === 'warning' ? warning : null
  if (threshold === null) return level
  const isFalling = warning !== null && critical !== null && critical < warning
  return `${level} ${isFalling ? 'down from' : 'from'} ${formatNumber(threshold)}`
}
