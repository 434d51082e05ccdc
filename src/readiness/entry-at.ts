import { parseRef } from '../registry/refs.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'

/** The entry that a ref means, of the entries of one registry; undefined when the ref means none of them. */
export function entryAt<Entry>(
  ref: string,
  registry: SubRegistryName,
  entries: Readonly<Record<string, Entry>>,
): Entry | undefined {
  const parts = parseRef(ref)
  if (parts?.registry !== registry || !Object.hasOwn(entries, parts.id)) return undefined
  return entries[parts.id]
}
