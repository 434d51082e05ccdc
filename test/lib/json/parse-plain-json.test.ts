import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../../../src/lib/json/parse-json.ts'
import { parsePlainJson } from '../../../src/lib/json/parse-plain-json.ts'
import { limits } from '../../../src/lib/limits.ts'
import { rounds } from '../../support/stress.ts'

const keys = fc.constantFrom('"a"', '"b"', '"a":', '"__proto__"', '"toString"', '"a\\":"', '"\\u0061"', '":"')
const pieces = fc.oneof(
  keys,
  fc.constantFrom(
    ...'{}[],: \n',
    '1',
    '1e999',
    '"x"',
    'true',
    'null',
    '{"a":1,"a" :2}',
    '{"a" : "b\\":"}',
    '\ufeff',
  ),
)

test('takes a text exactly when there is nothing to find fault with, to the same value', () => {
  const noise = fc.array(pieces, { maxLength: 12 }).map(parts => parts.join(''))
  const object = fc
    .array(fc.tuple(keys, fc.constantFrom(':', ' :', '\t: '), pieces), { maxLength: 4 })
    .map(members => `{${members.map(parts => parts.join('')).join(',')}}`)
  fc.assert(
    fc.property(fc.oneof(noise, object), text => {
      const { root, value, errors } = parseJson(text)
      const isSound = root !== undefined && errors.length === 0
      const plain = parsePlainJson(text)
      // A text that holds or begins with what ends a key may be left to the one that knows.
      if (plain === undefined) expect(isSound && !/":"|\\":/.test(text)).toBe(false)
      else expect([isSound, plain.value]).toEqual([true, value])
    }),
    { numRuns: rounds(5000, 500) },
  )
})

test.each([
  ['a key that stands twice', '{"a":1,"a":2}', false],
  ['one that stands twice further in, apart from its colon', '[{"a" :1,"b": [{"c"\n:1,"c":2}]}]', false],
  ['one that is escaped the second time', '{"a":1,"\\u0061":2}', false],
  ['a key that reaches into a prototype', '{"__proto__":{}}', false],
  ['a number that is out of range', '[-1e999]', false],
  ['as deep as may be', nested(limits.jsonDepth), true],
  ['deeper', nested(limits.jsonDepth + 1), false],
  ['very deep', nested(200_000), false],
  ['a list as long as may be', `[${'1,'.repeat(limits.jsonItems - 1)}1]`, true],
  ['a longer one', `[${'1,'.repeat(limits.jsonItems)}1]`, false],
  ['a key as long as may be', `{"${'k'.repeat(limits.jsonKeyLength)}":1}`, true],
  ['a longer key', `{"${'k'.repeat(limits.jsonKeyLength + 1)}":1}`, false],
  ['texts with colons', '{"a":"b: c","d:":"e:"}', true],
  ['a byte order mark', '\ufeff{}', false],
])('%s', (_, text, isPlain) => {
  expect(parsePlainJson(text) !== undefined).toBe(isPlain)
})

test('objects have no prototype', () => {
  expect(parsePlainJson('{"a":[{}]}')?.value).not.toHaveProperty(['a', '0', 'toString'])
})

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`
}
