import { html } from 'lit'
import type { Card } from '../../model/dashboard-view.ts'
import { renderGauge, toOnlyValue } from '../parts/charts.ts'
import { renderReason } from '../parts/subject.ts'
import { gaugeStyles } from '../styles/part-styles.ts'
import type { CardComponent } from './card-component.ts'

/** How much of a whole is taken, of one thing or several. */
export const gaugeMeter: CardComponent = {
  tag: 'gauge-meter',
  styles: gaugeStyles,
  value: toOnlyValue,
  note: ({ facts }) => facts?.version ?? '',
  render: card => html`
    ${card.state === 'off' || card.state === 'broken' ? renderReason(card.facts?.reason ?? null) : ''}
    ${card.state === 'off' ? '' : card.readings.map(reading => renderGauge(reading, toLabel(card, reading.name)))}
  `,
}

// The name of the only one is that of the card.
function toLabel({ readings, name }: Card, label: string): string | null {
  return readings.length === 1 && label === name ? null : label
}
