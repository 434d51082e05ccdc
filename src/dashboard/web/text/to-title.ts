import { countCards } from '../state/count-cards.ts'
import type { DashboardState } from '../state/dashboard-state.ts'

/** The title of the page, for who has it in a tab that is not looked at: what is wrong comes first. */
export function toTitle({ view, connection }: DashboardState): string {
  const { wrong } = countCards(view?.sections ?? [])
  const isLost = connection.kind === 'lost' || connection.kind === 'unreached'
  return [
    ...(isLost ? ['not connected'] : []),
    ...(wrong > 0 ? [`${wrong} wrong`] : []),
    'NEXUS registry',
  ].join(' · ')
}
