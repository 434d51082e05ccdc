import { editJson } from '../../lib/json/edit-json.ts'
import { findMember } from '../../lib/json/json-node.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import type { Fix } from './fix.ts'

/** A registry begins with where its schema is, for editors, when there is one near. */
export const schemaKey: Fix = {
  apply: ({ text, schema }) => {
    const { root } = parseJson(text)
    if (schema === undefined || root?.kind !== 'object' || findMember(root, '$schema'))
      return { text, faults: [] }
    const edit = { parent: [], key: '$schema', value: schema, isBefore: () => true }
    const fault = {
      pointer: '/$schema',
      message: 'where the schema is',
      before: null,
      after: JSON.stringify(schema),
    }
    return { text: editJson(text, () => [edit]), faults: [fault] }
  },
}
