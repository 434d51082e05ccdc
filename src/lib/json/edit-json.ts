import { findJsonNode, findMember, type JsonMember, type JsonNode, toValue } from './json-node.ts'
import { isJsonObject, isSameJson, type JsonPath } from './json-value.ts'
import { parseJson } from './parse-json.ts'

/** One value to set: the object that holds it, its key there, and the value. */
interface JsonEdit {
  readonly parent: JsonPath
  readonly key: string
  readonly value: unknown
  /** Whether a key that is not there yet comes before this other one; it comes behind all of them otherwise. */
  readonly isBefore?: (key: string) => boolean
}

interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The text with some values replaced, or added to their object. Everything else stays as it is, to the byte. Edits whose parent is no object of the document are left out, and a text that is no JSON stays.
 */
export function editJson(text: string, toEdits: (root: JsonNode) => readonly JsonEdit[]): string {
  const { root } = parseJson(text)
  if (root === undefined) return text
  const layout = detectLayout(text)
  const replacements = toEdits(root)
    .map(edit => toReplacement(text, root, edit, layout))
    .filter(replacement => replacement !== undefined)
    .sort((left, right) => right.start - left.start)
  return replacements.reduce((result, { start, end, text: inserted }) => {
    return result.slice(0, start) + inserted + result.slice(end)
  }, text)
}

function toReplacement(
  text: string,
  root: JsonNode,
  edit: JsonEdit,
  layout: Layout,
): Replacement | undefined {
  const parent = findJsonNode(root, edit.parent)
  if (parent?.kind !== 'object') return undefined
  const existing = findMember(parent, edit.key)
  const first = parent.members[0]
  const isOneLine = first !== undefined && !text.slice(parent.start, first.start).includes('\n')
  const depth = edit.parent.length + 1
  const value = renderJson(edit.value, isOneLine ? { ...layout, indent: undefined } : layout, depth)
  if (existing) return { start: existing.value.start, end: existing.value.end, text: value }
  return toInsertion(
    parent,
    `${JSON.stringify(edit.key)}: ${value}`,
    isOneLine ? ' ' : lineBreak(layout, depth),
    { end: lineBreak(layout, depth - 1), isBefore: edit.isBefore ?? (() => false) },
  )
}

function toInsertion(
  parent: JsonNode & { kind: 'object' },
  member: string,
  before: string,
  { end, isBefore }: { end: string; isBefore: (key: string) => boolean },
): Replacement {
  const [first] = parent.members
  const last = parent.members.findLast(({ key }) => !isBefore(key))
  if (last) return { start: last.value.end, end: last.value.end, text: `,${before}${member}` }
  if (first) return { start: first.start, end: first.start, text: `${member},${before}` }
  return { start: parent.start, end: parent.end, text: `{${before}${member}${end}}` }
}

/** How a document is written. */
export interface Layout {
  /** One level of indentation; undefined when it is written on one line. */
  readonly indent: string | undefined
  readonly newline: string
}

/** How a text is laid out: the first line that is indented shows how. */
export function detectLayout(text: string): Layout {
  const newline = /\r?\n/.exec(text)?.[0]
  return { indent: newline && (/\n([ \t]+)"/.exec(text)?.[1] ?? '  '), newline: newline ?? '\n' }
}

/** What stands before a member at this depth; empty in a document on one line. */
function lineBreak(layout: Layout, depth: number): string {
  return layout.indent === undefined ? '' : layout.newline + layout.indent.repeat(depth)
}

/** A value as JSON, in the layout of the document around it, where it stands at this depth. */
export function renderJson(value: unknown, layout: Layout, depth: number): string {
  if (layout.indent === undefined) return JSON.stringify(value)
  return JSON.stringify(value, null, layout.indent).split('\n').join(lineBreak(layout, depth))
}

type ArrayNode = JsonNode & { readonly kind: 'array' }

/** Where a value stands: one at the top of the document at depth 0. */
interface Place {
  readonly text: string
  readonly layout: Layout
  readonly depth: number
}

/**
 * The text of a document that has another value now. Whatever is the same in both keeps its place and its own text, to
 * the byte. A text that is no JSON is written anew.
 */
export function rewriteJson(text: string, value: unknown): string {
  const { root } = parseJson(text)
  if (root === undefined) return `${JSON.stringify(value, null, 2)}\n`
  const place = { text, layout: detectLayout(text), depth: 0 }
  return text.slice(0, root.start) + rewrite(root, value, place) + text.slice(root.end)
}

function rewrite(node: JsonNode, value: unknown, place: Place): string {
  const { text, layout, depth } = place
  if (isSameJson(toValue(node), value)) return sliceOf(text, node)
  if (node.kind === 'array' && Array.isArray(value)) return rewriteItems(node, value, place)
  if (node.kind !== 'object' || !isJsonObject(value)) return renderJson(value, layout, depth)
  const inner = inside(isOneLine({ text, object: node }), place)
  const known = new Map(node.members.map(member => [member.key, member.value]))
  const values = Object.entries(value).map(([key, item]): [string, string] => {
    const own = known.get(key)
    return [key, own ? rewrite(own, item, inner) : renderJson(item, inner.layout, inner.depth)]
  })
  return rebuildObject({ text, object: node, layout, depth: depth + 1 }, new Map(values))
}

// What was put in or taken out stands between what is the same at the beginning and what is the same at the end.
function rewriteItems(node: ArrayNode, items: readonly unknown[], place: Place): string {
  const { text, layout, depth } = place
  const [first, last] = [node.items[0], node.items.at(-1)]
  if (first === undefined || last === undefined || items.length === 0) return renderJson(items, layout, depth)
  const inner = inside(!text.slice(node.start, first.start).includes('\n'), place)
  const lead = inner.layout.indent === undefined ? ', ' : `,${lineBreak(layout, depth + 1)}`
  const parts = pairUp(node.items, items).map(({ item, old, before }, index) => {
    const own = old ? rewrite(old, item, inner) : renderJson(item, inner.layout, inner.depth)
    if (index === 0) return own
    return (old && before ? text.slice(before.end, old.start) : lead) + own
  })
  return text.slice(node.start, first.start) + parts.join('') + text.slice(last.end, node.end)
}

interface Pair {
  readonly item: unknown
  /** What stands in its place now, and what stands before that. */
  readonly old: JsonNode | undefined
  readonly before: JsonNode | undefined
}

function pairUp(nodes: readonly JsonNode[], items: readonly unknown[]): Pair[] {
  const kept = items.length < nodes.length ? findKept(nodes, items) : undefined
  if (kept) return items.map((item, index) => toPair(item, kept[index] ?? 0))
  const shorter = Math.min(nodes.length, items.length)
  const isSameAt = (from: number, to: number) => {
    const node = nodes[from]
    return node !== undefined && isSameJson(toValue(node), items[to])
  }
  let start = 0
  while (start < shorter && isSameAt(start, start)) start += 1
  let end = 0
  while (end < shorter - start && isSameAt(nodes.length - 1 - end, items.length - 1 - end)) end += 1
  return items.map((item, index) => {
    const isAtEnd = index >= items.length - end
    const from = isAtEnd ? index - items.length + nodes.length : index
    const isPaired = isAtEnd || index < nodes.length - end
    return isPaired ? toPair(item, from) : { item, old: undefined, before: nodes[from - 1] }
  })

  function toPair(item: unknown, index: number): Pair {
    return { item, old: nodes[index], before: nodes[index - 1] }
  }
}

/** Where these items stand among the nodes, when nothing but removals makes them of the nodes. */
function findKept(nodes: readonly JsonNode[], items: readonly unknown[]): readonly number[] | undefined {
  const kept: number[] = []
  for (const [index, node] of nodes.entries()) {
    if (kept.length < items.length && isSameJson(toValue(node), items[kept.length])) kept.push(index)
  }
  return kept.length === items.length ? kept : undefined
}

/** The text with another key in the place of one. The text itself where there is no such member. */
export function renameKey(text: string, path: readonly string[], key: string): string {
  const { root } = parseJson(text)
  const parent = root && findJsonNode(root, path.slice(0, -1))
  const member = parent && findMember(parent, path.at(-1) ?? '')
  if (member === undefined) return text
  return text.slice(0, member.start) + JSON.stringify(key) + text.slice(member.keyEnd)
}

function inside(isOnOneLine: boolean, { text, layout, depth }: Place): Place {
  return { text, layout: isOnOneLine ? { ...layout, indent: undefined } : layout, depth: depth + 1 }
}

function sliceOf(text: string, { start, end }: JsonNode): string {
  return text.slice(start, end)
}

interface Source {
  /** The whole document. */
  readonly text: string
  /** The object of it that is rebuilt. */
  readonly object: JsonNode & { readonly kind: 'object' }
  readonly layout: Layout
  /** How deep its members stand; 1 at the top of the document. */
  readonly depth: number
}

/**
 * The text of an object that has these members, whose values are JSON. What is there already keeps its place, its key
 * and the space around it; what is new comes behind it, in the order of `values`. Of duplicate keys the last one stays.
 */
export function rebuildObject(source: Source, values: ReadonlyMap<string, string>): string {
  const { text, object, layout, depth } = source
  const { members } = object
  const [first, last] = [members[0], members.at(-1)]
  const known = new Map(members.map(member => [member.key, member]))
  const kept = members.flatMap((member, index) => {
    const value = known.get(member.key) === member ? values.get(member.key) : undefined
    if (value === undefined) return []
    return [{ lead: leadOf(text, members, index), text: headOf(text, member) + value }]
  })
  const lead = isOneLine(source) ? ', ' : `,${lineBreak(layout, depth)}`
  const added = [...values]
    .filter(([key]) => !known.has(key))
    .map(([key, value]) => ({ lead, text: `${JSON.stringify(key)}: ${value}` }))
  const start = first ? text.slice(object.start, first.start) : `{${lineBreak(layout, depth)}`
  const end = last ? text.slice(last.value.end, object.end) : `${lineBreak(layout, depth - 1)}}`
  const [head, ...rest] = [...kept, ...added]
  if (head === undefined) return '{}'
  return start + head.text + rest.map(part => part.lead + part.text).join('') + end
}

/** Whether an object begins on the line of its first member. */
export function isOneLine({ text, object }: Pick<Source, 'text' | 'object'>): boolean {
  const first = object.members[0]
  return first !== undefined && !text.slice(object.start, first.start).includes('\n')
}

// The comma before a member, and the space around it.
function leadOf(text: string, members: readonly JsonMember[], index: number): string {
  const [before, member] = [members[index - 1], members[index]]
  return before && member ? text.slice(before.value.end, member.start) : ''
}

function headOf(text: string, { start, value }: JsonMember): string {
  return text.slice(start, value.start)
}

type JsonObjectNode = JsonNode & { readonly kind: 'object' }

/** An object and its members in the order in which they are to stand. */
export interface Reordering {
  readonly object: JsonObjectNode
  readonly members: readonly JsonMember[]
}

/** An object with its members by rank; undefined when they are in that order. What ranks the same keeps its order. */
export function sortMembers(object: JsonObjectNode, toRank: (key: string) => number): Reordering | undefined {
  const members = object.members.toSorted((left, right) => toRank(left.key) - toRank(right.key))
  const isSorted = members.every((member, index) => member === object.members[index])
  return isSorted ? undefined : { object, members }
}

/**
 * The text with the members of some objects in another order. Whatever stands between members (commas, line breaks,
 * indentation) stays where it is, and each member keeps its own text. The objects do not lie in each other.
 */
export function reorderJson(text: string, reorderings: readonly Reordering[]): string {
  const parts: string[] = []
  let offset = 0
  for (const { object, members } of reorderings.toSorted((a, b) => a.object.start - b.object.start)) {
    for (const [place, slot] of object.members.entries()) {
      const member = members[place] ?? slot
      parts.push(text.slice(offset, slot.start), text.slice(member.start, member.value.end))
      offset = slot.value.end
    }
  }
  return parts.join('') + text.slice(offset)
}
