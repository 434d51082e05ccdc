import type { JsonMember, JsonNode } from '../../../core/json/json-node.ts'
import { toPointer } from '../../../core/json/json-value.ts'
import { parseJson } from '../../../core/json/parse-json.ts'
import { type Reordering, reorderJson } from '../../../core/json/reorder-json.ts'
import { knownKeysAt } from '../../../schema/known-keys.ts'
import { isSubRegistry } from '../../../schema/names.ts'
import { registrySchemas } from '../../../schema/registries.ts'
import type { Fix } from './fix.ts'

/** The keys of entries come in the order of the schema; those that it does not know after them, `x-` keys last. */
export const keyOrder: Fix = {
  apply: ({ name, text }) => {
    const { root } = parseJson(text)
    if (!isSubRegistry(name) || root?.kind !== 'object') return { text, faults: [] }
    const known = knownKeysAt(registrySchemas[name], ['entry'])
    const ranks = new Map(known.map((key, index) => [key, index]))
    const wrong = root.members.flatMap(({ key, value }) => toReorderings(key, value, ranks))
    const faults = wrong.map(({ id, object, members }) => ({
      pointer: toPointer([id]),
      message: 'the order of its keys',
      before: listKeys(object.members),
      after: listKeys(members),
    }))
    return { text: wrong.length === 0 ? text : reorderJson(text, wrong), faults }
  },
}

interface EntryReordering extends Reordering {
  readonly id: string
}

function toReorderings(id: string, node: JsonNode, ranks: ReadonlyMap<string, number>): EntryReordering[] {
  if (node.kind !== 'object') return []
  // Sorting is stable: what has no order, and keys that stand there twice, keep theirs.
  const members = node.members.toSorted((left, right) => rankOf(left, ranks) - rankOf(right, ranks))
  const isSorted = members.every((member, index) => member === node.members[index])
  return isSorted ? [] : [{ id, object: node, members }]
}

function rankOf({ key }: JsonMember, ranks: ReadonlyMap<string, number>): number {
  if (key.startsWith('x-')) return ranks.size + 1
  return ranks.get(key) ?? ranks.size
}

function listKeys(members: readonly JsonMember[]): string {
  return members.map(({ key }) => JSON.stringify(key)).join(', ')
}
