import { expect, test } from 'vitest'
import { findJsonNode } from '../../../src/lib/json/json-node.ts'
import { parseYaml } from '../../../src/lib/yaml/parse-yaml.ts'

test.each<[string, string, unknown]>([
  ['nothing', '', null],
  ['a comment', '# c\n', null],
  ['block style', 'a: 1\nb:\n  - x\n  - {c: null}\n', { a: 1, b: ['x', { c: null }] }],
  ['JSON', '{"a": [1, {"b": null}], "c": true}', { a: [1, { b: null }], c: true }],
  ['a missing value', 'a:\nb: 1', { a: null, b: 1 }],
  ['a day is a text', 'a: 2020-01-01', { a: '2020-01-01' }],
  ['yes is a text, as in YAML 1.2', 'a: yes', { a: 'yes' }],
  ['a merge key is a key', '<<: {b: 1}', { '<<': { b: 1 } }],
  ['64 levels', `${'['.repeat(64)}${']'.repeat(64)}`, JSON.parse(`${'['.repeat(64)}${']'.repeat(64)}`)],
])('%s', (_, text, value) => {
  const parsed = parseYaml(text)
  expect(parsed.errors).toEqual([])
  expect(parsed.value).toEqual(value)
})

test.each<[string, string, number, string]>([
  ['a duplicate key', 'a: 1\na: 2', 5, 'the key "a" stands here a second time'],
  ['a key that is a list', '? [1]\n: 3', 2, 'a key must be a text'],
  ['a key that is a number', '1: a', 0, 'a key must be a text'],
  ['an alias', 'd: &x 1\ne: *x', 11, 'expected a text, a number, true, false or null, not the alias *x'],
  ['a tag', 'a: !!js/function x', 3, 'unresolved tag: tag:yaml.org,2002:js/function'],
  ['infinity', 'a: .inf', 3, 'expected a text, a number, true, false or null'],
  ['two documents', '--- a\n--- b', 6, 'a second document begins here'],
  ['a tab', '\ta: 1', 0, 'tabs are not allowed as indentation'],
  ['66 brackets', '['.repeat(66), 66, 'nested deeper than 64 levels'],
  ['endless lists', '- '.repeat(100_000), 131, 'nested deeper than 64 levels'],
  ['endless questions', '? '.repeat(100_000), 131, 'nested deeper than 64 levels'],
])('%s is a fault', (_, text, start, message) => {
  const parsed = parseYaml(text)
  expect(parsed.root).toBeUndefined()
  expect(parsed.errors[0]).toMatchObject({ start, message })
})

test('values know where they stand', () => {
  const text = 'a:\n  - x\n  - bcd: "e f"\n'
  const { root } = parseYaml(text)
  const node = root && findJsonNode(root, ['a', 1, 'bcd'])
  expect(node && text.slice(node.start, node.end)).toBe('"e f"')
})
