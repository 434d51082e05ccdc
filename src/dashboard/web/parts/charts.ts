import { html, nothing, svg, type TemplateResult } from 'lit'
import type { Card, Reading } from '../../model/dashboard-view.ts'
import { formatValue, type Scale, toFraction, toScale } from '../../model/describe.ts'
import { toLevelTone } from '../state/cards.ts'
import { toVisibleText } from '../text/text.ts'
import { renderReason } from './subject.ts'

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
function toPath(history: readonly (number | null)[], scale: Scale): string {
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
  return round(height - 1.5 - toFraction(value, scale) * (height - 3))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** A meter with its thresholds; a sentence where the value is not known. `name` is null where a card has name and value. */
export function renderGauge(reading: Reading, name: string | null): TemplateResult {
  const { value, unit, reason, level } = reading
  const shown = value === null ? 'unknown' : formatValue(value, unit)
  return html`
    <div class="gauge ${toLevelTone(level)}">
      ${
        name === null
          ? nothing
          : html`<div class="pair">
              <bdi>${toVisibleText(name)}</bdi>
              <bdi class="value">${toVisibleText(shown)}</bdi>
            </div>`
      }
      ${value === null ? renderReason(reason) : renderBar(reading, value)}
    </div>
  `
}

function renderBar(reading: Reading, value: number): TemplateResult {
  const { name, unit, level, threshold_warning, threshold_critical } = reading
  const scale = toScale(reading)
  const at = (threshold: number | null) =>
    threshold === null
      ? nothing
      : svg`<rect class="mark" x=${toFraction(threshold, scale) * 100 - 0.25} y="0" width="0.5" height="8"></rect>`
  const says = `${formatValue(value, unit)}${level === 'ok' ? '' : `, ${level}`}`
  return html`<div
    class="meter"
    role="meter"
    aria-label=${toVisibleText(name)}
    aria-valuemin=${scale.least}
    aria-valuemax=${scale.most}
    aria-valuenow=${Math.min(scale.most, Math.max(scale.least, value))}
    aria-valuetext=${toVisibleText(says)}
  >
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="0" y="1" width="100" height="6"></rect>
      <rect class="fill" x="0" y="1" width=${toFraction(value, scale) * 100} height="6"></rect>
      ${at(threshold_warning)}${at(threshold_critical)}
    </svg>
  </div>`
}

/** The value of a card with one metric, of which the card has the name; empty for others, and where there is none. */
export function toOnlyValue({ name, readings }: Card): string {
  const [reading, ...others] = readings
  if (reading === undefined || others.length > 0 || reading.name !== name || reading.value === null) return ''
  return formatValue(reading.value, reading.unit)
}
