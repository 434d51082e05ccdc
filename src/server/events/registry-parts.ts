import { isJsonObject, toPointer } from '../../lib/json/json-value.ts'
import { isSubRegistry } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'

/** Where the things begin that the documents are about, like `/sub_registries/tools` and `/sections/tools/entries/docker`. */
const depths = { hyper: 2, dashboard: 4 } as const

/**
 * What a registry consists of, by the name that events call it by: entries by their ids, parts of the two documents by
 * their JSON Pointers, as `quarantined` does.
 */
export function toRegistryParts({ name, content = {} }: LoadedRegistry): ReadonlyMap<string, unknown> {
  return new Map(isSubRegistry(name) ? Object.entries(content) : listParts(content, [], depths[name]))
}

function listParts(value: unknown, path: readonly string[], depth: number): [string, unknown][] {
  if (depth === 0 || !isJsonObject(value)) return [[toPointer(path), value]]
  return Object.entries(value).flatMap(([key, part]) => listParts(part, [...path, key], depth - 1))
}
