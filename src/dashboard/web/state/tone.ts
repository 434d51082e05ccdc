import type { Card, ReadingLevel } from '../../model/dashboard-view.ts'

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
export function toCardTone({ trouble, state, readings }: Card): Tone {
  if (trouble !== null) return 'warn'
  // What is measured of something that is not here is not about it.
  if (state === 'off') return 'off'
  const tones = [...(state === null ? [] : [states[state]]), ...readings.map(({ level }) => levels[level])]
  const worst = (['bad', 'warn'] as const).find(tone => tones.includes(tone))
  return worst ?? tones[0] ?? 'unknown'
}

/** A word for what a card tells as a whole. */
export function toCardWord(card: Card): string {
  if (card.trouble !== null) return 'trouble'
  const tone = toCardTone(card)
  if (card.state !== null && (card.state === 'broken' || tone === 'good')) return card.state
  if (tone === 'bad') return 'critical'
  if (tone === 'warn') return 'warning'
  return card.state ?? (tone === 'good' ? 'ok' : 'unknown')
}

/** Whether somebody should look at it: what is merely absent, or not known, is not wrong. */
export function isWrong(card: Card): boolean {
  const tone = toCardTone(card)
  return tone === 'bad' || tone === 'warn'
}
