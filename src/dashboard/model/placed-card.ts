import type { Card } from './card.ts'

/** A card, and the id of the section that it stands in. */
export interface PlacedCard {
  readonly section: string
  readonly card: Card
}
