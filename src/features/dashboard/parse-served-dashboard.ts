import type { Card } from '../../core/dashboard/card.ts'
import type { DashboardView } from '../../core/dashboard/dashboard-view.ts'
import { toTroubledCard } from '../../core/dashboard/to-troubled-card.ts'
import { parsePlainJson } from '../../core/json/parse-plain-json.ts'
import {
  servedCardNameSchema,
  servedCardSchema,
  servedDashboardSchema,
} from '../../schema/served-dashboard.ts'

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
