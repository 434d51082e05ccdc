import { html, nothing, svg, type TemplateResult } from 'lit'
import { formatValue } from '../../model/format-value.ts'
import type { Reading } from '../../model/reading.ts'
import { toLevelTone } from '../state/tone.ts'
import { toVisibleText } from '../text/visible-text.ts'
import { renderReason } from './reason.ts'
import { toScale, toShare } from './scale.ts'

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
      : svg`<rect class="mark" x=${toShare(threshold, scale) * 100 - 0.25} y="0" width="0.5" height="8"></rect>`
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
      <rect class="fill" x="0" y="1" width=${toShare(value, scale) * 100} height="6"></rect>
      ${at(threshold_warning)}${at(threshold_critical)}
    </svg>
  </div>`
}
