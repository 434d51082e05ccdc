import type { CSSResultGroup, nothing, TemplateResult } from 'lit'
import type { Card } from '../../model/dashboard-view.ts'

/** One UI component of the dashboard registry: a custom element that shows a card. */
export interface CardComponent {
  /** Name of its element. */
  readonly tag: string
  readonly styles: CSSResultGroup
  /** What stands below the card's name; `nothing` where there is no more to say. */
  readonly render: (card: Card) => TemplateResult | typeof nothing
  /** What stands beside the name, in large; empty for nothing. */
  readonly value?: (card: Card) => string
  /** A line below the name; empty for none. */
  readonly note?: (card: Card) => string
}
