import { css, nothing } from 'lit'
import { renderReason } from '../parts/subject.ts'
import type { CardComponent } from './card-component.ts'

/** Whether something is here. Why it is not, or does not work, stands below it; all else on demand. */
export const capabilityBadge: CardComponent = {
  tag: 'capability-badge',
  styles: css``,
  note: ({ facts }) => facts?.version ?? '',
  render: ({ state, facts }) =>
    state === 'broken' || state === 'unknown' ? renderReason(facts?.reason ?? null) : nothing,
}
