import { editJson } from '../../lib/json/edit-json.ts'
import { findMember } from '../../lib/json/json-node.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import type { Fix } from './fix.ts'

/** Adds a `$schema` for editors, when the JSON Schema is nearby. */
export const schemaKey: Fix = {
  apply: ({ text, schema }) => {
    const { root } = parseJson(text)
    if (schema === undefined || root?.kind !== 'object' || findMember(root, '$schema'))
      return { text, fixed: [] }
    const edit = { parent: [], key: '$schema', value: schema, isBefore: () => true }
    const added = {
      pointer: '/$schema',
      message: 'where the schema is',
      before: null,
      after: JSON.stringify(schema),
    }
    return { text: editJson(text, () => [edit]), fixed: [added] }
  },
}
