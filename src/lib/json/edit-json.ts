import { findMember, findNode, type JsonNode } from './json-node.ts'
import type { JsonPath } from './json-value.ts'
import { detectLayout, type Layout, lineBreak, renderJson } from './layout.ts'
import { parseJson } from './parse-json.ts'

/** One value to set: the object that holds it, its key there, and the value. */
export interface JsonEdit {
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
  const parent = findNode(root, edit.parent)
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
