import type { DashboardSection } from '../../model/dashboard-view.ts'
import { isWrong } from './tone.ts'

export interface CardCounts {
  readonly on: number
  readonly off: number
  readonly wrong: number
  readonly all: number
}

/** How many things are here, how many are not, and how many want to be looked at. */
export function countCards(sections: readonly DashboardSection[]): CardCounts {
  const cards = sections.flatMap(section => section.cards)
  return {
    on: cards.filter(({ state }) => state === 'on').length,
    off: cards.filter(({ state }) => state === 'off').length,
    wrong: cards.filter(isWrong).length,
    all: cards.length,
  }
}
