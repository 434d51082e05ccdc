import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reorderJson } from '../../../src/lib/json/edit-json.ts'
import { parseJson } from '../../../src/lib/json/parse-json.ts'

/** The text with the keys of every object at depth 1 sorted. */
function sortInner(text: string): string {
  const { root } = parseJson(text)
  const objects = root?.kind === 'object' ? root.members.map(({ value }) => value) : []
  return reorderJson(
    text,
    objects.flatMap(object => {
      if (object.kind !== 'object') return []
      const members = object.members.toSorted((left, right) => (left.key < right.key ? -1 : 1))
      return [{ object, members }]
    }),
  )
}

test.each([
  [
    'lines stay lines',
    '{\n  "e": {\n    "b": 1,\n    "a": [2]\n  }\n}\n',
    '{\n  "e": {\n    "a": [2],\n    "b": 1\n  }\n}\n',
  ],
  ['one line stays one', '{ "e": { "b": 1, "a": 2 } }', '{ "e": { "a": 2, "b": 1 } }'],
  ['gaps stay where they are', '{"e":{"c" :1 ,\r\n\t"a":2,"b":3}}', '{"e":{"a":2 ,\r\n\t"b":3,"c" :1}}'],
  [
    'several objects',
    '{"e":{"b":1,"a":2},"f":{"d":{"z":1,"y":2},"c":3}}',
    '{"e":{"a":2,"b":1},"f":{"c":3,"d":{"z":1,"y":2}}}',
  ],
  ['what is in order stays', '{"e":{"a":1}}', '{"e":{"a":1}}'],
])('%s', (_, before, after) => {
  expect(sortInner(before)).toBe(after)
})

test('nothing is lost: the value is the same, whatever it is', () => {
  const entry = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
  const document = fc.dictionary(fc.string(), entry)
  fc.assert(
    fc.property(document, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      fc.pre(parseJson(text).root !== undefined)
      expect(JSON.parse(sortInner(text))).toEqual(JSON.parse(text))
    }),
  )
})
