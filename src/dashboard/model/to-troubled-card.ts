import type { Card } from './card.ts'

/** A card of which nothing can be shown but its name and what is wrong, a sentence. */
export function toTroubledCard({ ref, name, trouble }: Pick<Card, 'ref' | 'name' | 'trouble'>): Card {
  return {
    ref,
    subject: null,
    component: null,
    name,
    icon: null,
    description: null,
    state: null,
    facts: null,
    variables: [],
    readings: [],
    provider: null,
    trouble,
  }
}
