import type { JsonMember, JsonNode } from './json-node.ts'
import { type Layout, lineBreak } from './layout.ts'

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
