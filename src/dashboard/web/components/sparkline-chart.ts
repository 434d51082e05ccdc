import { html, nothing } from 'lit'
import type { Card, Reading } from '../../model/dashboard-view.ts'
import { formatValue } from '../../model/describe.ts'
import { renderSparkline, toOnlyValue } from '../parts/charts.ts'
import { renderReason } from '../parts/subject.ts'
import { sparklineStyles } from '../styles/part-styles.ts'
import { toVisibleText } from '../text/text.ts'
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
