import type { RegistryHealth } from '../../../sync/health-schema.ts'
import type { DashboardView, TimedChange } from '../../model/dashboard-view.ts'
import { toCardWord } from './cards.ts'

/** Most cards that an announcement names. */
const mostNames = 3

/** What is worth telling who does not look at the screen: a sentence, or undefined for nothing. */
export function describeNews(before: DashboardState, now: DashboardState): string | undefined {
  const [was, is] = [before, now].map(({ connection }) => connection)
  if (was && is && was.kind !== is.kind) {
    const { word, says } = describeConnection(is, 'since' in is ? is.since : 0)
    return `${word}: ${says}`
  }
  if (before.view === undefined || now.view === undefined || before.view === now.view) return undefined
  return describeCards(before.view, now.view)
}

function describeCards(before: DashboardView, now: DashboardView): string | undefined {
  const words = new Map(listCards(before).map(card => [card.ref, toCardWord(card)]))
  const news = listCards(now)
    .filter(card => words.get(card.ref) !== toCardWord(card))
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
  /** What has changed since the server was started, the newest first. */
  readonly changes: readonly RecentChange[]
}

export const emptyState: DashboardState = {
  connection: { kind: 'loading' },
  view: undefined,
  registries: [],
  changes: [],
}

/** One line of what has changed. */
export interface RecentChange {
  /** Unique on this page. */
  readonly key: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** What it is about, as `explain` takes it, or the name of a registry. */
  readonly ref: string
  /** What happened to it, without its name. */
  readonly says: string
}

/** Most lines that are kept. */
export const mostChanges = 50

/** What a server keeps of changes as lines, the newest first. */
export function listRecentChanges(changes: readonly TimedChange[]): readonly RecentChange[] {
  return changes.flatMap(toRecentChanges).slice(0, mostChanges)
}

/** What a change tells, a line for each thing, the most telling first. */
export function toRecentChanges(change: TimedChange): readonly RecentChange[] {
  const { registry, created, updated, removed, detected, more = {} } = change
  const [at, id] = [Date.parse(change.at), `${change.at} ${registry}`]
  const found = new Set(detected.map(each => each.id))
  const lines: [string, string][] = [
    ...detected.map(({ id: name, from, to }): [string, string] => [name, describeDetected(from, to)]),
    ...created.map((name): [string, string] => [name, 'is new in the registry']),
    ...removed.map((name): [string, string] => [name, 'is not in the registry any more']),
    ...updated.filter(name => !found.has(name)).map((name): [string, string] => [name, 'was updated']),
  ]
  const rest = Object.values(more).reduce((sum, count) => sum + count, 0)
  const named = lines.map(
    ([name, says], index): RecentChange => ({ key: `${id} ${index}`, at, ref: toRef(registry, name), says }),
  )
  const remainder: RecentChange = { key: `${id} more`, at, ref: registry, says: `${rest} more changes` }
  return rest > 0 ? [...named, remainder] : named
}

// Parts of documents are JSON Pointers.
function toRef(registry: string, name: string): string {
  return name.startsWith('/') ? `${registry}${name}` : `${registry}/${name}`
}

function describeDetected(from: string | null, to: string | null): string {
  if (from === null) return `is ${to ?? 'unknown'}`
  return to === null ? `was ${from}, and nobody looks any more` : `is ${to}, was ${from}`
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
      return { word: 'loading', says: 'asking the server' }
    case 'live':
      return { word: 'live', says: 'what changes is shown at once' }
    case 'unreached':
      return { word: 'unknown', says: `the server has not answered yet: ${connection.reason}; trying again` }
    case 'lost': {
      const seconds = Math.max(0, Math.round((now - connection.since) / 1000))
      const says = `${connection.reason}; shown is what was known ${seconds} s ago; trying again`
      return { word: now - connection.since >= staleMs ? 'stale' : 'reconnecting', says }
    }
  }
}
