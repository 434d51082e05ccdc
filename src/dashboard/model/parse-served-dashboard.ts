import { parsePlainJson } from '../../lib/json/parse-plain-json.ts'
import type { Card } from './card.ts'
import type { DashboardView } from './dashboard-view.ts'
import { servedCardNameSchema, servedCardSchema, servedDashboardSchema } from './served-dashboard.ts'
import { toTroubledCard } from './to-troubled-card.ts'

/** The dashboard in a server's answer, or undefined when it is none. A card that is not understood says so in its place. */
export function parseServedDashboard(text: string): DashboardView | undefined {
  const parsed = parsePlainJson(text)
  const { data } = servedDashboardSchema.safeParse(parsed?.value)
  if (data === undefined) return undefined
  return {
    ...data,
    // The terminal shows none of them.
    changes: [],
    sections: data.sections.map(section => ({ ...section, cards: section.cards.map(toCard) })),
  }
}

function toCard(value: unknown): Card {
  const { data } = servedCardSchema.safeParse(value)
  if (data !== undefined) return data
  const named = servedCardNameSchema.safeParse(value).data
  return toTroubledCard({
    ref: named?.ref ?? 'dashboard',
    name: named?.name ?? 'something',
    trouble: 'the server tells of it what this version of the program does not understand',
  })
}
