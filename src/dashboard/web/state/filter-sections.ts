import type { Card } from '../../model/card.ts'
import type { DashboardSection } from '../../model/dashboard-view.ts'
import { isWrong } from './tone.ts'

export interface CardFilter {
  /** Words that all have to be in what a card says; empty for any. */
  readonly text: string
  readonly isOnlyWrong: boolean
}

/** What is left of sections; those of which nothing is left are not shown. */
export function filterSections(
  sections: readonly DashboardSection[],
  { text, isOnlyWrong }: CardFilter,
): readonly DashboardSection[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0 && !isOnlyWrong) return sections
  return sections
    .map(section => ({
      ...section,
      cards: section.cards.filter(
        card => (!isOnlyWrong || isWrong(card)) && hasAll(words, `${section.title} ${toText(card)}`),
      ),
    }))
    .filter(({ cards }) => cards.length > 0)
}

function hasAll(words: readonly string[], text: string): boolean {
  const lower = text.toLowerCase()
  return words.every(word => lower.includes(word))
}

function toText({ ref, name, description, state, facts, provider, readings }: Card): string {
  return [
    ref,
    name,
    description,
    state,
    facts?.version,
    ...(provider?.models ?? []),
    ...(provider?.capabilities ?? []),
    ...readings.flatMap(reading => [reading.id, reading.name]),
  ].join(' ')
}
