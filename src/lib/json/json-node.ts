import type { JsonPath } from './json-value.ts'

/** A value of a document and where it stands: `text.slice(start, end)` is its own text. */
export type JsonNode =
  | {
      readonly kind: 'object'
      readonly start: number
      readonly end: number
      readonly members: readonly JsonMember[]
    }
  | {
      readonly kind: 'array'
      readonly start: number
      readonly end: number
      readonly items: readonly JsonNode[]
    }
  | {
      readonly kind: 'scalar'
      readonly start: number
      readonly end: number
      readonly value: string | number | boolean | null
    }

export interface JsonMember {
  readonly key: string
  /** Offset of the key's opening quote. */
  readonly start: number
  /** Offset behind the key's closing quote. */
  readonly keyEnd: number
  readonly value: JsonNode
}

/** The value of a node, as `JSON.parse` would give it. Of duplicate keys the last counts. */
export function toValue(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'array') return node.items.map(toValue)
  const object: Record<string, unknown> = Object.create(null)
  for (const member of node.members) object[member.key] = toValue(member.value)
  return object
}

/** The node at a path; undefined when there is none. */
export function findJsonNode(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root
  for (const part of path) {
    if (node?.kind === 'object') node = findMember(node, String(part))?.value
    else if (node?.kind === 'array') node = node.items[Number(part)]
    else return undefined
  }
  return node
}

/** The member of an object with this key, the last one where there are several. */
export function findMember(node: JsonNode, key: string): JsonMember | undefined {
  return node.kind === 'object' ? node.members.findLast(member => member.key === key) : undefined
}

interface TextPosition {
  /** Counts from 1. */
  readonly line: number
  /** Counts from 1, in UTF-16 code units as editors do. */
  readonly column: number
}

/** Turns offsets of a text into lines and columns. Lines end with LF, CRLF or CR. */
export function createPositionIndex(text: string): (offset: number) => TextPosition {
  let starts: readonly number[] | undefined
  return offset => {
    starts ??= lineStarts(text)
    const line = lastAtMost(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const found of text.matchAll(/\r\n|\n|\r/g)) starts.push(found.index + found[0].length)
  return starts
}

function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((sorted[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}
