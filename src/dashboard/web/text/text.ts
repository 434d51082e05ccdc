import { formatAge } from '../../../lib/text/format.ts'
import { invisibleCharacters } from '../../../lib/text/visible.ts'
import { countCards } from '../state/cards.ts'
import type { DashboardState } from '../state/dashboard-state.ts'

/** How long ago a time was, short: `5 s ago`. Times are milliseconds since 1970, or ISO 8601. */
export function describeElapsed(time: number | string, now: number): string {
  const then = typeof time === 'string' ? Date.parse(time) : time
  return Number.isNaN(then) ? 'at a time that nobody can read' : formatAge(now - then, 'short')
}

/** The time of day of a moment, as the reader's clock has it. */
export function formatTime(moment: number | string): string {
  return new Date(moment).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/** The title of the page. Problems come first, because a tab in the background shows only its beginning. */
export function toTitle({ view, connection }: DashboardState): string {
  const { wrong } = countCards(view?.sections ?? [])
  const isLost = connection.kind === 'lost' || connection.kind === 'unreached'
  return [
    ...(isLost ? ['not connected'] : []),
    ...(wrong > 0 ? [`${wrong} wrong`] : []),
    'NEXUS registry',
  ].join(' · ')
}

/** Text from the data as people can see it: tabs, newlines and invisible characters are shown by number, `‹U+202E›`. */
export function toVisibleText(text: string): string {
  return text.replace(/[\t\n]/g, toCodePoint).replace(invisibleCharacters, toCodePoint)
}

function toCodePoint(character: string): string {
  return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`
}
