import { isJsonObject, type JsonPath, toPointer } from '../../lib/json/json-value.ts'
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

/** Name of an entry for the list of what is quarantined: its id, or its JSON Pointer in the two documents. */
export function toEntryName(name: RegistryName, path: JsonPath): string {
  return entryDepths[name] === undefined ? String(path[0]) : toPointer(path)
}

/** The document without the entries at these paths. What does not change is not copied. */
export function withoutEntries(document: unknown, paths: readonly JsonPath[]): unknown {
  if (paths.length === 0) return document
  const inner = groupByFirst(paths)
  const isKept = ([key]: [unknown, unknown]) => !inner.get(String(key))?.some(({ length }) => length === 0)
  const copy = ([key, item]: [unknown, unknown]) => withoutEntries(item, inner.get(String(key)) ?? [])
  if (Array.isArray(document)) return [...document.entries()].filter(isKept).map(copy)
  if (!isJsonObject(document)) return document
  const result: Record<string, unknown> = Object.create(null)
  for (const member of Object.entries(document).filter(isKept)) result[member[0]] = copy(member)
  return result
}

function groupByFirst(paths: readonly JsonPath[]): ReadonlyMap<string, readonly JsonPath[]> {
  const groups = new Map<string, JsonPath[]>()
  for (const [first, ...rest] of paths) {
    const group = groups.get(String(first))
    if (group) group.push(rest)
    else groups.set(String(first), [rest])
  }
  return groups
}
