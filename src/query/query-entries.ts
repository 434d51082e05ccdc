import { valueAt } from '../lib/json/json-value.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import type { Condition } from './condition.ts'
import { requireFittingValues } from './fitting-values.ts'
import { requireKnownFields } from './known-fields.ts'
import { type ListedEntry, listEntries } from './list-entries.ts'
import { matchEntries } from './match-entries.ts'
import { type SortKey, sortEntries } from './sort-entries.ts'

/** What the flags of a query ask. */
export interface FlagQuery {
  readonly conditions: readonly Condition[]
  readonly sortKeys: readonly SortKey[]
  readonly limit: number | undefined
  /** Fields of the answer beside the id; all when undefined. */
  readonly selected: readonly string[] | undefined
}

/**
 * The entries of these registries that meet all conditions, sorted, at most so many. Of several registries each has its
 * `registry`. Throws a NexusError('usage') for a field that no entry can have, and for a value that its field cannot have.
 */
export async function queryEntries(
  registries: readonly LoadedRegistry[],
  { conditions, sortKeys, limit, selected = [] }: FlagQuery,
): Promise<readonly ListedEntry[]> {
  const entries = registries.length === 1 ? registries.flatMap(listEntries) : registries.flatMap(withRegistry)
  const fields = [...conditions, ...sortKeys].map(({ field }) => field).concat(selected)
  const isThere = (field: string) => {
    const path = field.split('.')
    return entries.some(entry => valueAt(entry, path) !== undefined)
  }
  const names = registries.map(({ name }) => name)
  await requireKnownFields(
    [...new Set(fields)].filter(field => !isThere(field)),
    names,
  )
  await requireFittingValues(conditions, entries, names)
  const matches = await matchEntries(conditions)
  const found = await sortEntries(entries.filter(matches), sortKeys)
  return found.slice(0, limit)
}

function withRegistry(loaded: LoadedRegistry): ListedEntry[] {
  return listEntries(loaded).map(({ id, ...entry }) => ({ id, registry: loaded.name, ...entry }))
}
