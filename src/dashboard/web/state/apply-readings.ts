import type { DashboardView } from '../../model/dashboard-view.ts'
import type { FreshReadings } from '../../model/fresh-readings.ts'
import type { Reading } from '../../model/reading.ts'

/** Most values kept of a metric, as many as the server keeps. */
const mostValues = 120

/** A view with what was measured since. What was not measured stays the very same object. */
export function applyReadings(view: DashboardView, { readings }: FreshReadings): DashboardView {
  const fresh = new Map(readings.map(reading => [`${reading.ref} ${reading.id}`, reading]))
  const renew = (ref: string, reading: Reading): Reading => {
    const found = fresh.get(`${ref} ${reading.id}`)
    if (found === undefined || found.read_at === reading.read_at) return reading
    const { value, level, reason, read_at } = found
    return {
      ...reading,
      value,
      level,
      reason,
      read_at,
      history: [...reading.history, value].slice(-mostValues),
    }
  }
  return {
    ...view,
    sections: view.sections.map(section => {
      const cards = section.cards.map(card => {
        const renewed = card.readings.map(reading => renew(card.ref, reading))
        return renewed.some((reading, index) => reading !== card.readings[index])
          ? { ...card, readings: renewed }
          : card
      })
      return cards.some((card, index) => card !== section.cards[index]) ? { ...section, cards } : section
    }),
  }
}
