import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatValue } from '../../model/format-value.ts'
import type { Reading } from '../../model/reading.ts'
import { toLevelTone } from '../state/tone.ts'
import { toVisibleText } from '../text/visible-text.ts'
import { type Scale, toScale, toShare } from './scale.ts'

const [width, height] = [120, 32]

/** A line over time with its thresholds, and the same in words. */
export function renderSparkline(reading: Reading): TemplateResult {
  const scale = toScale(reading)
  const { history, level, threshold_warning, threshold_critical } = reading
  const line = (threshold: number | null, name: string) =>
    threshold === null
      ? nothing
      : svg`<path class="threshold ${name}" d="M0 ${toHeight(threshold, scale)}H${width}"></path>`
  return html`<svg
    class="spark ${toLevelTone(level)}"
    viewBox="0 0 ${width} ${height}"
    preserveAspectRatio="none"
    role="img"
    aria-label=${toVisibleText(describeHistory(reading))}
  >
    ${line(threshold_warning, 'warning')}${line(threshold_critical, 'critical')}
    <path class="line" d=${toPath(history, scale)}></path>
  </svg>`
}

/** What a chart shows, for who does not see it. */
export function describeHistory({ name, unit, value, history, level }: Reading): string {
  const known = history.filter(each => each !== null)
  if (known.length === 0) return `${name}: nothing was measured yet`
  const now = value === null ? 'not known now' : `now ${formatValue(value, unit)}`
  const range = `from ${formatValue(Math.min(...known), unit)} to ${formatValue(Math.max(...known), unit)}`
  const judged = level === 'warning' || level === 'critical' ? `, ${level}` : ''
  return `${name}: ${now}${judged}; ${range} in the last ${known.length} measurements`
}

/** The line of values, the newest at the right; where there was none it has a gap. A value alone is a dash. */
export function toPath(history: readonly (number | null)[], scale: Scale): string {
  const step = width / Math.max(1, history.length - 1)
  const toPoint = (value: number, index: number) => `${round(index * step)} ${toHeight(value, scale)}`
  return history
    .map((value, index) => {
      if (value === null) return ''
      const before = history[index - 1] ?? null
      if (before !== null) return `L${toPoint(value, index)}`
      const isAlone = (history[index + 1] ?? null) === null
      return `M${toPoint(value, index)}${isAlone ? 'h2' : ''}`
    })
    .join('')
}

function toHeight(value: number, scale: Scale): number {
  return round(height - 1.5 - toShare(value, scale) * (height - 3))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
