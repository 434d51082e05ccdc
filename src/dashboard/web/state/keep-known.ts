import type { DashboardSection, DashboardView } from '../../model/dashboard-view.ts'

/** A new view, in which whatever says the same as before is the very same object: nothing of it is drawn again. */
export function keepKnown(fresh: DashboardView, known: DashboardView | undefined): DashboardView {
  if (known === undefined) return fresh
  const sections = new Map(known.sections.map(section => [section.id, section]))
  return { ...fresh, sections: fresh.sections.map(section => keepSection(section, sections.get(section.id))) }
}

function keepSection(fresh: DashboardSection, known: DashboardSection | undefined): DashboardSection {
  if (known === undefined) return fresh
  const cards = new Map(known.cards.map(card => [card.ref, card]))
  return {
    ...fresh,
    cards: fresh.cards.map(card => {
      const before = cards.get(card.ref)
      return before !== undefined && JSON.stringify(before) === JSON.stringify(card) ? before : card
    }),
  }
}
