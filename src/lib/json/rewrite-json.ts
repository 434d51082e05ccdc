import { isSameJson } from './is-same-json.ts'
import { type JsonNode, toValue } from './json-node.ts'
import { isJsonObject } from './json-value.ts'
import { detectLayout, type Layout, lineBreak, renderJson } from './layout.ts'
import { parseJson } from './parse-json.ts'
import { isOneLine, rebuildObject } from './rebuild-object.ts'

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
    return { item, old: isPaired ? nodes[from] : undefined, before: nodes[from - 1] }
  })
}

function inside(isOnOneLine: boolean, { text, layout, depth }: Place): Place {
  return { text, layout: isOnOneLine ? { ...layout, indent: undefined } : layout, depth: depth + 1 }
}

function sliceOf(text: string, { start, end }: JsonNode): string {
  return text.slice(start, end)
}
