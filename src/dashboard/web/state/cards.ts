import type {
  Card,
  DashboardSection,
  DashboardView,
  FreshReadings,
  Reading,
  ReadingLevel,
} from '../../model/dashboard-view.ts'

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
    ...(provider?.runtime?.models ?? []).map(({ id }) => id),
    ...(provider?.capabilities ?? []),
    ...readings.flatMap(reading => [reading.id, reading.name]),
  ].join(' ')
}

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

interface CardCounts {
  readonly on: number
  readonly off: number
  readonly wrong: number
  readonly all: number
}

/** Counts of the cards that are present, absent, and in need of attention. */
export function countCards(sections: readonly DashboardSection[]): CardCounts {
  const cards = sections.flatMap(section => section.cards)
  return {
    on: cards.filter(({ state }) => state === 'on').length,
    off: cards.filter(({ state }) => state === 'off').length,
    wrong: cards.filter(isWrong).length,
    all: cards.length,
  }
}

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

/** How something looks: never the only thing that says so. */
export type Tone = 'good' | 'warn' | 'bad' | 'off' | 'unknown'

const states = { on: 'good', off: 'off', broken: 'bad', unknown: 'unknown' } as const
const levels = { ok: 'good', warning: 'warn', critical: 'bad', unknown: 'unknown' } as const

/** A sign for each tone, for who sees no colours. */
export const toneSymbols = {
  good: '✓',
  warn: '!',
  bad: '✕',
  off: '–',
  unknown: '?',
} as const satisfies Record<Tone, string>

export function toLevelTone(level: ReadingLevel): Tone {
  return levels[level]
}

/** The worst that a card tells. */
export function toCardTone({ warning, state, readings }: Card): Tone {
  if (warning !== null) return 'warn'
  // What is measured of something that is not here is not about it.
  if (state === 'off') return 'off'
  const tones = [...(state === null ? [] : [states[state]]), ...readings.map(({ level }) => levels[level])]
  const worst = (['bad', 'warn'] as const).find(tone => tones.includes(tone))
  return worst ?? tones[0] ?? 'unknown'
}

/** A word for what a card tells as a whole. */
export function toCardWord(card: Card): string {
  if (card.warning !== null) return 'warning'
  const tone = toCardTone(card)
  if (card.state !== null && (card.state === 'broken' || tone === 'good')) return card.state
  if (tone === 'bad') return 'critical'
  if (tone === 'warn') return 'warning'
  return card.state ?? (tone === 'good' ? 'ok' : 'unknown')
}

/** Whether somebody should look at it: what is merely absent, or not known, is not wrong. */
function isWrong(card: Card): boolean {
  const tone = toCardTone(card)
  return tone === 'bad' || tone === 'warn'
}
