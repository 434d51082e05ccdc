import { type Reordering, reorderJson, sortMembers } from '../../lib/json/edit-json.ts'
import type { JsonMember, JsonNode } from '../../lib/json/json-node.ts'
import { toPointer } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { createKeyRank, type KeyRank } from '../../registry/schema/known-keys.ts'
import { isSubRegistry } from '../../registry/schema/names.ts'
import type { Fix } from './fix.ts'

/** Sorts the keys of entries: those of the schema in its order, then unknown keys, then `x-` keys. */
export const keyOrder: Fix = {
  apply: ({ name, text }) => {
    const { root } = parseJson(text)
    if (!isSubRegistry(name) || root?.kind !== 'object') return { text, fixed: [] }
    const toRank = createKeyRank(name)
    const wrong = root.members.flatMap(({ key, value }) => toReorderings(key, value, toRank))
    const fixed = wrong.map(({ id, object, members }) => ({
      pointer: toPointer([id]),
      message: 'the order of its keys',
      before: listKeys(object.members),
      after: listKeys(members),
    }))
    return { text: wrong.length === 0 ? text : reorderJson(text, wrong), fixed }
  },
}

interface EntryReordering extends Reordering {
  readonly id: string
}

function toReorderings(id: string, node: JsonNode, toRank: KeyRank): EntryReordering[] {
  const sorted = node.kind === 'object' ? sortMembers(node, toRank) : undefined
  return sorted ? [{ id, ...sorted }] : []
}

function listKeys(members: readonly JsonMember[]): string {
  return members.map(({ key }) => JSON.stringify(key)).join(', ')
}
