import { NexusError } from '../lib/errors.ts'
import { valueAt } from '../lib/json/json-value.ts'
import { loadVersionOrder, type VersionOrder } from '../lib/version/versions.ts'
import { compareFields, isVersionLike } from './compare-values.ts'
import type { ListedEntry } from './list-entries.ts'

/** One field of `--sort`. */
export interface SortKey {
  readonly field: string
  readonly isDescending: boolean
}

/** Reads `FIELD[:asc|:desc]`, several with commas between. Throws a NexusError('usage') for what is none. */
export function parseSortKeys(text: string): SortKey[] {
  return text.split(',').map(part => {
    const [field = '', direction = 'asc', ...rest] = part.trim().split(':')
    if (field !== '' && rest.length === 0 && (direction === 'asc' || direction === 'desc')) {
      return { field, isDescending: direction === 'desc' }
    }
    const hint = 'For example --sort provider,context_tokens:desc'
    throw new NexusError('usage', `--sort: ${JSON.stringify(part)} is no FIELD[:desc]`, { hint })
  })
}

/** Sorts by the first key, then the next. What lacks a field comes last, and what is equal stays as it was. */
export async function sortEntries(
  entries: readonly ListedEntry[],
  keys: readonly SortKey[],
): Promise<readonly ListedEntry[]> {
  if (keys.length === 0) return entries
  const rows = entries.map(
    (entry): Row => ({
      entry,
      values: keys.map(({ field }) => valueAt(entry, field.split('.')) ?? null),
    }),
  )
  const order = rows.some(({ values }) => values.some(isVersion)) ? await loadVersionOrder() : () => 0
  const compare = (left: Row, right: Row): number => {
    const differences = keys.map((key, index) =>
      compareByKey(left.values[index], right.values[index], key, order),
    )
    return differences.find(difference => difference !== 0) ?? 0
  }
  return rows.sort(compare).map(({ entry }) => entry)
}

interface Row {
  readonly entry: ListedEntry
  /** One for each key, null where it lacks the field. */
  readonly values: readonly unknown[]
}

function compareByKey(left: unknown, right: unknown, key: SortKey, order: VersionOrder): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const difference = compareFields(left, right, order)
  return key.isDescending ? -difference : difference
}

function isVersion(value: unknown): boolean {
  return typeof value === 'string' && isVersionLike(value)
}
