import { formatAge } from '../../../lib/text/format.ts'
import { invisibleCharacters } from '../../../lib/text/visible.ts'
import type { DashboardState } from '../state/dashboard-state.ts'

/** How long ago a time was, short: `5 s ago`. Times are milliseconds since 1970, or ISO 8601. */
export function describeElapsed(time: number | string, now: number): string {
  const then = typeof time === 'string' ? Date.parse(time) : time
  return Number.isNaN(then) ? 'at an unknown time' : formatAge(now - then, 'short')
}

/** The time of day, as the reader's clock has it. */
export function formatTime(time: number | string): string {
  const then = new Date(time)
  if (Number.isNaN(then.getTime())) return 'an unknown time'
  return then.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/** When something was, to the minute: `today 09:12`, `yesterday 18:40`, `12 Nov 18:40`. */
export function formatDay(time: string, now: number): string {
  const then = new Date(time)
  if (Number.isNaN(then.getTime())) return 'at an unknown time'
  const clock = then.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  const days = Math.round((startOfDay(new Date(now)) - startOfDay(then)) / 86_400_000)
  if (days === 0) return `today ${clock}`
  if (days === 1) return `yesterday ${clock}`
  return `${then.toLocaleDateString('en', { day: 'numeric', month: 'short' })} ${clock}`
}

function startOfDay(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime()
}

/** A calendar day: `14 January`. */
export function formatDate(day: string): string {
  const time = new Date(day)
  if (Number.isNaN(time.getTime())) return 'an unknown day'
  return time.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
}

/** The title of the page. Problems come first, because a tab in the background shows only its beginning. */
export function toTitle({ view, connection }: DashboardState): string {
  const broken = view?.problems.length ?? 0
  const isLost = connection.kind === 'lost' || connection.kind === 'unreached'
  return [
    ...(isLost ? ['not connected'] : []),
    ...(broken > 0 ? [`${broken} broken`] : []),
    view?.machine?.name ?? 'NEXUS registry',
  ].join(' · ')
}

/** Text from the data as people can see it: tabs, newlines and invisible characters are shown by number, `‹U+202E›`. */
export function toVisibleText(text: string): string {
  return text.replace(/[\t\n]/g, toCodePoint).replace(invisibleCharacters, toCodePoint)
}

function toCodePoint(character: string): string {
  return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`
}
