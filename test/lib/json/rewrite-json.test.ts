import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rewriteJson } from '../../../src/lib/json/edit-json.ts'

const text = `{
    "first" : 1.0,
    "list": [
      { "a": 1,  "b": 2 },
      { "a": 3 }
    ],
  "flat": {"x": 1e2, "y": [1,2]}
}

`

test.each<[string, value: unknown, from: string, to: string]>([
  [
    'nothing, when it is the same',
    { first: 1, list: [{ a: 1, b: 2 }, { a: 3 }], flat: { x: 100, y: [1, 2] } },
    '',
    '',
  ],
  ['a value', { first: 2, list: [{ a: 1, b: 2 }, { a: 3 }], flat: { x: 100, y: [1, 2] } }, '1.0', '2'],
  [
    'an item',
    { first: 1, list: [{ a: 1, b: 5 }, { a: 3 }], flat: { x: 100, y: [1, 2] } },
    '"b": 2',
    '"b": 5',
  ],
  [
    'an item on its line',
    { first: 1, list: [{ a: 1, b: 2 }, { a: 3 }], flat: { x: 100, y: [1, 2, 3] } },
    '[1,2]',
    '[1,2, 3]',
  ],
  [
    'an item that is gone',
    { first: 1, list: [{ a: 3 }], flat: { x: 100, y: [1, 2] } },
    '{ "a": 1,  "b": 2 },\n      ',
    '',
  ],
  [
    'a member that is gone',
    { list: [{ a: 1, b: 2 }, { a: 3 }], flat: { x: 100, y: [1, 2] } },
    '"first" : 1.0,\n    ',
    '',
  ],
])('what changes is %s', (_, value, from, to) => {
  expect(rewriteJson(text, value)).toBe(text.replace(from, to))
})

test('a new item and a new member stand behind what is before them', () => {
  const value = { first: 1, list: [{ a: 1, b: 2 }, { n: [] }, { a: 3 }], flat: { x: 100, y: [1, 2] }, z: {} }
  expect(rewriteJson(text, value)).toBe(
    text
      .replace('2 },', '2 },\n        {\n            "n": []\n        },')
      .replace('[1,2]}', '[1,2]},\n    "z": {}'),
  )
})

const keys = fc.constantFrom('a', 'b', 'c', 'long key', 'ü')
const { value: json } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.string(),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

test('whatever it was and is to be: the text says the new value, and the same value leaves the text', () => {
  const spaces = fc.constantFrom<string | number | undefined>(undefined, 1, 2, '\t')
  fc.assert(
    fc.property(json, json, spaces, (before, after, space) => {
      const old = JSON.stringify(before, null, space)
      expect(JSON.parse(rewriteJson(old, after))).toEqual(after)
      expect(rewriteJson(old, before)).toBe(old)
    }),
  )
})
