import { formatSpan } from '../../../lib/text/format.ts'
import type { RegistryHealth } from '../../../sync/health-schema.ts'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { toCardWord } from './cards.ts'

/** Most cards that an announcement names. */
const mostNames = 3

/** What is announced to readers who do not see the screen: a sentence, or undefined for nothing. */
export function describeNews(before: DashboardState, now: DashboardState): string | undefined {
  const [was, is] = [before, now].map(({ connection }) => connection)
  if (was && is && was.kind !== is.kind) {
    const { word, says } = describeConnection(is, 'since' in is ? is.since : 0)
    return `${word}: ${says}`
  }
  if (before.view === undefined || now.view === undefined || before.view === now.view) return undefined
  return describeProblems(before.view, now.view) ?? describeCards(before.view, now.view)
}

/** New problems come first. Readings are never announced. */
function describeProblems(before: DashboardView, now: DashboardView): string | undefined {
  const known = new Set(before.problems.map(({ ref }) => ref))
  const fresh = now.problems.filter(({ ref }) => !known.has(ref))
  if (fresh.length === 0) return undefined
  const rest = fresh.length - mostNames
  const named = fresh.slice(0, mostNames).map(({ name, reason }) => `${name} is broken: ${reason}`)
  return [...named, ...(rest > 0 ? [`${rest} more problems`] : [])].join('. ')
}

function describeCards(before: DashboardView, now: DashboardView): string | undefined {
  const words = new Map(listCards(before).map(card => [card.ref, toCardWord(card)]))
  const news = listCards(now)
    .filter(card => toCardWord(card) !== '' && words.get(card.ref) !== toCardWord(card))
    .map(card => `${card.name}: ${toCardWord(card)}`)
  if (news.length === 0) return undefined
  const rest = news.length - mostNames
  return [...news.slice(0, mostNames), ...(rest > 0 ? [`${rest} more changes`] : [])].join('. ')
}

function listCards({ sections }: DashboardView) {
  return sections.flatMap(({ cards }) => cards)
}

/** All that the page shows. Never changed: there is a new one. */
export interface DashboardState {
  readonly connection: Connection
  /** Undefined until it was loaded for the first time. */
  readonly view: DashboardView | undefined
  /** How fresh the registries are that the reader may see. */
  readonly registries: readonly RegistryHealth[]
}

export const emptyState: DashboardState = {
  connection: { kind: 'loading' },
  view: undefined,
  registries: [],
}

/** How the page is connected with its server. */
export type Connection =
  /** It asks for the first time. */
  | { readonly kind: 'loading' }
  /** It hears what happens as it happens. */
  | { readonly kind: 'live' }
  /** It has lost the server, and tries again; moments are milliseconds since 1970. */
  | { readonly kind: 'lost'; readonly since: number; readonly reason: string }
  /** It has never reached the server. */
  | { readonly kind: 'unreached'; readonly since: number; readonly reason: string }

/** What is said of a connection. */
interface ConnectionWords {
  readonly word: 'loading' | 'live' | 'reconnecting' | 'stale' | 'unknown'
  /** A sentence without its full stop. */
  readonly says: string
}

/** From when on what is shown counts as stale, in milliseconds since the server was last heard. */
const staleMs = 30_000

export function describeConnection(connection: Connection, now: number): ConnectionWords {
  switch (connection.kind) {
    case 'loading':
      return { word: 'loading', says: 'the server is requested' }
    case 'live':
      return { word: 'live', says: 'changes are shown at once' }
    case 'unreached':
      return { word: 'unknown', says: `the server has not responded yet: ${connection.reason}; trying again` }
    case 'lost': {
      const seconds = Math.max(0, Math.round((now - connection.since) / 1000))
      const says = `${connection.reason}; this is what was known ${formatSpan(seconds * 1000) ?? 'a moment'} ago; trying again`
      return { word: now - connection.since >= staleMs ? 'stale' : 'reconnecting', says }
    }
  }
}
