import { nearest } from '../../../lib/text/nearest.ts'
import type { DashboardModel, DashboardView } from '../../model/dashboard-view.ts'
import { hasWords } from './model-filter.ts'

/** Something that a search finds. */
export interface SearchHit {
  /** What `explain` takes. */
  readonly subject: string
  /** Ref of its card; null for what has none. */
  readonly ref: string | null
  readonly name: string
  /** What it is: a tool, a model of a provider, a variable. */
  readonly kind: string
}

export interface SearchResult {
  readonly hits: readonly SearchHit[]
  /** How many more there are. */
  readonly more: number
  /** The nearest name where nothing is found; undefined where none is near. */
  readonly nearest: SearchHit | undefined
}

/** Most hits that are shown. */
const mostHits = 8

const kinds: Readonly<Record<string, string>> = {
  tools: 'tool',
  ml_frameworks: 'framework',
  providers: 'provider',
}

/** Everything on the page that has a name, each with the words that find it. */
function listNamed(view: DashboardView, models: readonly DashboardModel[]) {
  const cards = view.sections.flatMap(({ cards: all }) => all)
  return [
    ...cards.flatMap(({ subject, ref, name, variables, provider }) => {
      if (subject === null) return []
      const kind = kinds[subject.split('/')[0] ?? ''] ?? 'entry'
      const names = [...variables.map(each => each.name), ...(provider?.variables ?? [])]
      const hit: SearchHit = { subject, ref, name, kind }
      return [{ hit, words: `${name} ${subject} ${names.join(' ')}` }]
    }),
    ...models.map(({ ref, id, provider_name: from }) => {
      const hit: SearchHit = { subject: ref, ref: null, name: id, kind: `model, ${from}` }
      return { hit, words: `${id} ${from}` }
    }),
  ]
}

/** Finds by words. Names that begin with the text come first. */
export function search(text: string, view: DashboardView, models: readonly DashboardModel[]): SearchResult {
  const lower = text.trim().toLowerCase()
  const words = lower.split(/\s+/).filter(Boolean)
  if (words.length === 0) return { hits: [], more: 0, nearest: undefined }
  const named = listNamed(view, models)
  const found = named.filter(each => hasWords(each.words, words)).map(({ hit }) => hit)
  const isFirst = ({ name }: SearchHit) => name.toLowerCase().startsWith(lower)
  const sorted = [...found.filter(isFirst), ...found.filter(hit => !isFirst(hit))]
  return {
    hits: sorted.slice(0, mostHits),
    more: Math.max(0, sorted.length - mostHits),
    nearest:
      sorted.length > 0
        ? undefined
        : findNearest(
            lower,
            named.map(({ hit }) => hit),
          ),
  }
}

function findNearest(text: string, hits: readonly SearchHit[]): SearchHit | undefined {
  const named = new Map(
    hits.flatMap(hit =>
      [hit.name, hit.subject.slice(hit.subject.indexOf('/') + 1)].map(name => [name, hit] as const),
    ),
  )
  const found = nearest(text, [...named.keys()])
  return found === undefined ? undefined : named.get(found)
}
