import { isJsonObject, type JsonPath, toPointer } from '../core/json/json-value.ts'
import type { RegistryName } from '../schema/names.ts'

/** Depth of the entries in the parts of the two documents; everywhere else an entry stands at depth 1. */
const entryDepths: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  dashboard: { '/sections/tools/entries': 4, '/sections/providers/entries': 4, '/sections/metrics': 4 },
  hyper: {
    '/sub_registries': 2,
    '/dependency_graph/nodes': 3,
    '/dependency_graph/edges': 3,
    '/version_compatibility': 2,
    '/access_control': 2,
  },
}

/** Path of the entry that a place in a registry belongs to; undefined when it belongs to the document itself. */
export function entryPathOf(name: RegistryName, path: JsonPath): JsonPath | undefined {
  const depths = entryDepths[name]
  if (depths === undefined) return path.length > 0 ? path.slice(0, 1) : undefined
  const pointer = toPointer(path)
  const found = Object.entries(depths).find(([prefix]) => pointer.startsWith(`${prefix}/`))
  return found && path.length >= found[1] ? path.slice(0, found[1]) : undefined
}

/** A copy of a document without the entries at these pointers. */
export function withoutEntries(document: unknown, pointers: ReadonlySet<string>): unknown {
  return pointers.size === 0 ? document : copyWithout(document, pointers, [])
}

function copyWithout(value: unknown, pointers: ReadonlySet<string>, path: JsonPath): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const inner = [...path, index]
      return pointers.has(toPointer(inner)) ? [] : [copyWithout(item, pointers, inner)]
    })
  }
  if (!isJsonObject(value)) return value
  const copy: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) {
    const inner = [...path, key]
    if (!pointers.has(toPointer(inner))) copy[key] = copyWithout(item, pointers, inner)
  }
  return copy
}
