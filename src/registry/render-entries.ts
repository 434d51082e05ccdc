import { isSameJson } from '../lib/json/is-same-json.ts'
import { type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { detectLayout, type Layout, renderJson } from '../lib/json/layout.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { isOneLine, rebuildObject } from '../lib/json/rebuild-object.ts'
import { reorderJson, sortMembers } from '../lib/json/reorder-json.ts'
import type { LocalDocument } from './local-entries.ts'

type KeyRank = (key: string) => number

/**
 * The text of a registry that holds these entries. What does not change keeps its place and its own text, to the byte;
 * new entries come last, and the keys of new and changed entries by their rank. Without a document it is a new one.
 */
export function renderEntries(
  local: LocalDocument | undefined,
  entries: ReadonlyMap<string, unknown>,
  toRank: KeyRank,
): string {
  if (local === undefined) {
    const sorted = [...entries].map(([id, value]) => [id, sortKeys(value, toRank)])
    return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`
  }
  const { text, root } = local
  const layout = detectLayout(text)
  const members = new Map(root.members.map(({ key, value }) => [key, value]))
  const schema = members.get('$schema')
  const values = new Map(schema ? [['$schema', sliceOf(text, schema)]] : [])
  for (const [id, value] of entries) {
    const node = members.get(id)
    const isSame = node !== undefined && isSameJson(local.entries.get(id)?.value, value)
    values.set(id, isSame ? sliceOf(text, node) : renderEntry({ text, node, value, layout }, toRank))
  }
  return (
    text.slice(0, root.start) +
    rebuildObject({ text, object: root, layout, depth: 1 }, values) +
    text.slice(root.end)
  )
}

function sliceOf(text: string, { start, end }: JsonNode): string {
  return text.slice(start, end)
}

interface ChangedEntry {
  readonly text: string
  /** Where it stands; undefined for a new one. */
  readonly node: JsonNode | undefined
  readonly value: unknown
  readonly layout: Layout
}

function renderEntry({ text, node, value, layout }: ChangedEntry, toRank: KeyRank): string {
  if (node?.kind !== 'object' || !isJsonObject(value)) return renderJson(sortKeys(value, toRank), layout, 1)
  const inner = isOneLine({ text, object: node }) ? { ...layout, indent: undefined } : layout
  const members = new Map(node.members.map(({ key, value: item }) => [key, item]))
  const values = Object.entries(value).map(([key, item]): [string, string] => {
    const own = members.get(key)
    return [key, own && isSameJson(toValue(own), item) ? sliceOf(text, own) : renderJson(item, inner, 2)]
  })
  return reorder(rebuildObject({ text, object: node, layout, depth: 2 }, new Map(values)), toRank)
}

function reorder(entry: string, toRank: KeyRank): string {
  const { root } = parseJson(entry)
  const sorted = root?.kind === 'object' ? sortMembers(root, toRank) : undefined
  return sorted ? reorderJson(entry, [sorted]) : entry
}

function sortKeys(value: unknown, toRank: KeyRank): unknown {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => toRank(a) - toRank(b)))
}
