import { editJson } from '../../lib/json/edit-json.ts'
import { toPointer, valueAt } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { toReadSnapshot } from '../readable.ts'
import { findMiscounts } from '../rules/entry-count.ts'
import type { Fix } from './fix.ts'

/** Sets recorded numbers of entries to the actual ones. */
export const counts: Fix = {
  rule: 'entry-count',
  apply: ({ name, text, snapshot }) => {
    const wrong = findMiscounts({ snapshot: toReadSnapshot(snapshot) }).filter(
      ({ registry }) => registry === name,
    )
    if (wrong.length === 0) return { text, fixed: [] }
    const { value } = parseJson(text)
    const edits = wrong.map(({ path, actual }) => {
      return { parent: path.slice(0, -1), key: String(path.at(-1)), value: actual }
    })
    const fixed = wrong.map(({ path, actual }) => ({
      pointer: toPointer(path),
      message: 'the number of entries',
      before: JSON.stringify(valueAt(value, path)),
      after: String(actual),
    }))
    return { text: editJson(text, () => edits), fixed }
  },
}
