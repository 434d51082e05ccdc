import { css, html } from 'lit'
import type { Card, Reading } from '../../model/dashboard-view.ts'
import { formatValue } from '../../model/describe.ts'
import { renderGauge } from '../parts/charts.ts'
import { renderReason } from '../parts/subject.ts'
import { gaugeStyles } from '../styles/part-styles.ts'
import { toVisibleText } from '../text/text.ts'
import type { CardComponent } from './card-component.ts'

/** A cluster: whether there is one, its pods, nodes and memory. */
export const clusterStatusCard: CardComponent = {
  tag: 'cluster-status-card',
  styles: [
    gaugeStyles,
    css`
      .counts { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
      .counts div { display: flex; flex-direction: row-reverse; gap: 0.35rem; align-items: baseline; }
      dt { color: var(--soft); font-size: 0.9em; }
    `,
  ],
  note: ({ facts }) => facts?.version ?? '',
  render: card =>
    card.state === 'on' ? renderCluster(card) : html`${renderReason(card.facts?.reason ?? null)}`,
}

function renderCluster({ readings }: Card) {
  const known = readings.filter(({ value }) => value !== null)
  const shares = known.filter(({ unit }) => unit === '%')
  const counts = known.filter(({ unit }) => unit !== '%')
  const reasons = new Set(readings.map(({ reason }) => reason).filter(reason => reason !== null))
  return html`
    ${counts.length === 0 ? '' : html`<dl class="counts">${counts.map(renderCount)}</dl>`}
    ${shares.map(reading => renderGauge(reading, reading.name))}
    ${[...reasons].map(renderReason)}
  `
}

function renderCount({ name, value, unit }: Reading) {
  return html`<div>
    <dt><bdi>${toVisibleText(name)}</bdi></dt>
    <dd class="value"><bdi>${value === null ? '' : toVisibleText(formatValue(value, unit))}</bdi></dd>
  </div>`
}
