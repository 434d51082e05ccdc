import type { DashboardView } from '../../model/dashboard-view.ts'
import { describeConnection } from '../live/connection.ts'
import type { DashboardState } from './dashboard-state.ts'
import { toCardWord } from './tone.ts'

/** Most cards that are told by name. */
const mostNames = 3

/** What is worth telling who does not look at the screen: a sentence, or undefined for nothing. */
export function describeNews(before: DashboardState, now: DashboardState): string | undefined {
  const [was, is] = [before, now].map(({ connection }) => connection)
  if (was && is && was.kind !== is.kind) {
    const { word, says } = describeConnection(is, 'since' in is ? is.since : 0)
    return `${word}: ${says}`
  }
  if (before.view === undefined || now.view === undefined || before.view === now.view) return undefined
  return describeCards(before.view, now.view)
}

function describeCards(before: DashboardView, now: DashboardView): string | undefined {
  const words = new Map(listCards(before).map(card => [card.ref, toCardWord(card)]))
  const news = listCards(now)
    .filter(card => words.get(card.ref) !== toCardWord(card))
    .map(card => `${card.name}: ${toCardWord(card)}`)
  if (news.length === 0) return undefined
  const rest = news.length - mostNames
  return [...news.slice(0, mostNames), ...(rest > 0 ? [`${rest} more changes`] : [])].join('. ')
}

function listCards({ sections }: DashboardView) {
  return sections.flatMap(({ cards }) => cards)
}
