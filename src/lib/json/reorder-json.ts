import type { JsonMember, JsonNode } from './json-node.ts'

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
