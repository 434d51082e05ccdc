import { html, nothing } from 'lit'
import type { Card } from '../../model/card.ts'
import { formatValue } from '../../model/format-value.ts'
import type { Reading } from '../../model/reading.ts'
import { toOnlyValue } from '../parts/only-value.ts'
import { renderReason } from '../parts/reason.ts'
import { renderSparkline } from '../parts/sparkline.ts'
import { sparklineStyles } from '../styles/sparkline-styles.ts'
import { toVisibleText } from '../text/visible-text.ts'
import type { CardComponent } from './card-component.ts'

/** Values over time, and the one of now. */
export const sparklineChart: CardComponent = {
  tag: 'sparkline-chart',
  styles: sparklineStyles,
  value: toOnlyValue,
  render: card =>
    html`${card.readings.map(reading => html`${renderName(reading, card)}${renderChart(reading)}`)}`,
}

// The name of the only one is that of the card.
function renderName({ name, value, unit }: Reading, card: Card) {
  if (card.readings.length === 1 && name === card.name) return nothing
  const shown = value === null ? 'unknown' : formatValue(value, unit)
  return html`<div class="pair">
    <bdi>${toVisibleText(name)}</bdi>
    <bdi class="value">${toVisibleText(shown)}</bdi>
  </div>`
}

function renderChart(reading: Reading) {
  const isDrawn = reading.history.some(value => value !== null)
  return html`${isDrawn ? renderSparkline(reading) : nothing}${renderReason(reading.reason)}`
}
