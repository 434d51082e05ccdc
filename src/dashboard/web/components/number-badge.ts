import { css, html } from 'lit'
import { formatValue } from '../../model/describe.ts'
import { renderReason } from '../parts/subject.ts'
import { toLevelTone } from '../state/cards.ts'
import { toVisibleText } from '../text/text.ts'
import type { CardComponent } from './card-component.ts'

/** A plain number. */
export const numberBadge: CardComponent = {
  tag: 'number-badge',
  styles: css`
    .number { color: var(--ink); font-size: 1.5em; line-height: 1.2; }
    .number.warn, .number.bad { color: var(--tone); }
  `,
  render: ({ readings }) =>
    html`${readings.map(({ value, unit, level, reason }) =>
      value === null
        ? renderReason(reason)
        : html`<p class="number value ${toLevelTone(level)}"><bdi>${toVisibleText(formatValue(value, unit))}</bdi></p>`,
    )}`,
}
