import { describe, expect, test } from 'vitest'
import { withoutExtensions } from '../../src/registry/schema/extensions.ts'

type Row = readonly [what: string, isFlatMap: boolean, before: unknown, after: unknown]

const rows: readonly Row[] = [
  ['$schema at the top goes', true, { $schema: 's', git: {} }, { git: {} }],
  ['$schema of an entry stays', true, { git: { $schema: 's' } }, { git: { $schema: 's' } }],
  ['x- keys of an entry go', true, { git: { 'x-note': 1, tags: [] } }, { git: { tags: [] } }],
  ['x-source stays: the schemas know it', true, { git: { 'x-source': 1 } }, { git: { 'x-source': 1 } }],
  ['x- ids of a flat map stay', true, { 'x-ai': { models: [] } }, { 'x-ai': { models: [] } }],
  ['an entry whose id is the name of a map is no map', true, { system: { 'x-note': 1 } }, { system: {} }],
  ['x- names of headers stay', true, { a: { headers: { 'x-v': '1' } } }, { a: { headers: { 'x-v': '1' } } }],
  ['x- keys at the top of a document go', false, { 'x-note': 1, version: '1' }, { version: '1' }],
  [
    'x- ids in a map of a document stay',
    false,
    { entries: { 'x-ai': { 'x-note': 1 } } },
    { entries: { 'x-ai': {} } },
  ],
  ['x- keys in lists go', false, { edges: [{ from: 'a', 'x-note': 1 }] }, { edges: [{ from: 'a' }] }],
  ['what is no object stays', true, ['x-note', null, 1], ['x-note', null, 1]],
]

describe('keys that the schemas leave alone', () => {
  test.each(rows)('%s', (_what, isFlatMap, before, after) => {
    expect(withoutExtensions(before, { isFlatMap })).toEqual(after)
  })

  test('a key named __proto__ stays a key and changes no prototype', () => {
    const cleaned = withoutExtensions(JSON.parse('{"git": {"__proto__": {"polluted": true}}}'), {
      isFlatMap: true,
    })
    expect(JSON.stringify(cleaned)).toBe('{"git":{"__proto__":{"polluted":true}}}')
    expect({}).not.toHaveProperty('polluted')
  })
})
