import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rewriteJson } from '../../../src/lib/json/edit-json.ts'
import {
  listMemberChanges,
  type MemberPatch,
  patchJson,
  revertChanges,
} from '../../../src/lib/json/member-changes.ts'

const odd = '{"a": 1,\n\n  "b" : { "x": [1,2], "y": null },\n "c":"é" }\n'

describe('listMemberChanges', () => {
  const rows: [what: string, before: string, after: string, changes: object[]][] = [
    ['nothing', odd, odd, []],
    [
      'a value inside',
      '{"a": {"b": 1, "c": 2}}',
      '{"a": {"b": 1, "c": 3}}',
      [{ path: ['a', 'c'], before: '"c": 2', after: '"c": 3' }],
    ],
    ['a new member', '{"a": 1}', '{"a": 1, "b": [2]}', [{ path: ['b'], after: '"b": [2]' }]],
    ['a member that went', '{"a": 1, "b": 2}', '{"b": 2}', [{ path: ['a'], before: '"a": 1' }]],
    ['an array as a whole', '{"a": [1]}', '{"a": [1, 2]}', [{ path: ['a'], before: '"a": [1]' }]],
    ['an emptied object as a whole', '{"a": {"b": 1}}', '{"a": {}}', [{ path: ['a'], after: '"a": {}' }]],
    ['a document with duplicate keys as a whole', '{"a": 1, "a": 2}', '{"a": 3}', [{ path: [] }]],
    ['what is no object as a whole', '[1]', '[2]', [{ path: [] }]],
  ]
  test.each(rows)('finds %s', (_, before, after, changes) => {
    expect(listMemberChanges(before, after)).toEqual(changes.map(change => expect.objectContaining(change)))
  })

  test('leaves out what is ignored', () => {
    const isIgnored = (path: readonly string[]) => path[1] === 'detected'
    const [before, after] = ['{"a": {"detected": 1, "b": 1}}', '{"a": {"detected": 2, "b": 2}}']
    expect(listMemberChanges(before, after, { isIgnored })).toHaveLength(1)
  })
})

describe('patchJson', () => {
  const rows: [what: string, text: string, patches: MemberPatch[], result: string][] = [
    ['replaces', odd, [{ path: ['a'], text: '"a": 2' }], odd.replace('1', '2')],
    ['replaces inside', odd, [{ path: ['b', 'y'], text: '"y": {}' }], odd.replace('"y": null', '"y": {}')],
    [
      'removes the first',
      odd,
      [{ path: ['a'], text: undefined }],
      '{"b" : { "x": [1,2], "y": null },\n "c":"é" }\n',
    ],
    [
      'removes the last',
      odd,
      [{ path: ['c'], text: undefined }],
      '{"a": 1,\n\n  "b" : { "x": [1,2], "y": null } }\n',
    ],
    ['adds behind', '{\n  "a": 1\n}', [{ path: ['b'], text: '"b": 2' }], '{\n  "a": 1,\n  "b": 2\n}'],
    ['fills an empty one', '{}', [{ path: ['b'], text: '"b": 2' }], '{"b": 2}'],
    ['leaves out what has no object', '{"a": 1}', [{ path: ['a', 'b'], text: '"b": 1' }], '{"a": 1}'],
  ]
  test.each(rows)('%s', (_, text, patches, result) => {
    expect(patchJson(text, patches)).toBe(result)
  })

  const value = fc.letrec(tie => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(null, 1, 'x', true),
      fc.array(tie('any'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), tie('any'), { noNullPrototype: true }),
  })).object

  test('takes back what was changed, added or removed, to the byte', () => {
    const indents = fc.constantFrom(undefined, 2, '\t')
    fc.assert(
      fc.property(value, value, indents, (left, right, indent) => {
        const before = `${JSON.stringify(left, null, indent)}\n`
        const after = rewriteJson(before, right)
        const patches = revertChanges(listMemberChanges(before, after))
        const reverted = patchJson(after, patches)
        expect(JSON.parse(reverted)).toEqual(left)
        // Where all members changed, nothing says how the object was written.
        if (Object.keys(left).some(key => Object.hasOwn(right, key))) expect(reverted).toBe(before)
      }),
    )
  })
})
