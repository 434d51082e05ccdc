import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editJson } from '../../../src/lib/json/edit-json.ts'

const found = { status: 'present', version: null }

describe('editJson', () => {
  const cases: [what: string, before: string, after: string][] = [
    [
      'adds behind the last member, indented as the rest',
      '{\n  "a": {\n    "x": [1, 2]\n  }\n}\n',
      '{\n  "a": {\n    "x": [1, 2],\n    "d": {\n      "status": "present",\n      "version": null\n    }\n  }\n}\n',
    ],
    [
      'replaces a value where it stands',
      '{\n\t"a": {\n\t\t"d": 1,\n\t\t"x": 1.0e2\n\t}\n}',
      '{\n\t"a": {\n\t\t"d": {\n\t\t\t"status": "present",\n\t\t\t"version": null\n\t\t},\n\t\t"x": 1.0e2\n\t}\n}',
    ],
    [
      'keeps an entry on its line',
      '{\n  "a": { "x": 1 }\n}',
      '{\n  "a": { "x": 1, "d": {"status":"present","version":null} }\n}',
    ],
    [
      'keeps a document without lines',
      '{"a":{"x":1}}',
      '{"a":{"x":1, "d": {"status":"present","version":null}}}',
    ],
    [
      'keeps CRLF line ends',
      '{\r\n  "a": {\r\n    "x": 1\r\n  }\r\n}\r\n',
      '{\r\n  "a": {\r\n    "x": 1,\r\n    "d": {\r\n      "status": "present",\r\n      "version": null\r\n    }\r\n  }\r\n}\r\n',
    ],
    [
      'fills an empty object',
      '{\n  "a": {}\n}',
      '{\n  "a": {\n    "d": {\n      "status": "present",\n      "version": null\n    }\n  }\n}',
    ],
  ]
  it.each(cases)('%s', (_, before, after) => {
    expect(editJson(before, () => [{ parent: ['a'], key: 'd', value: found }])).toBe(after)
  })

  it('leaves out an edit whose parent is no object', () => {
    expect(editJson('{"a": 1}', () => [{ parent: ['a'], key: 'd', value: found }])).toBe('{"a": 1}')
    expect(editJson('{"a": 1}', () => [{ parent: ['b'], key: 'd', value: found }])).toBe('{"a": 1}')
  })

  it('changes nothing but what it was asked to, whatever the document', () => {
    const entry = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
    const document = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), entry, { minKeys: 1 })
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        fc.pre(!/"(?:__proto__|constructor|prototype)"/.test(JSON.stringify(value)))
        const ids = Object.keys(value)
        const edits = ids.map(id => ({ parent: [id], key: 'd', value: found }))
        const edited: unknown = JSON.parse(editJson(JSON.stringify(value, null, indent), () => edits))
        expect(edited).toEqual(withoutNegativeZero(ids.map(id => [id, { ...value[id], d: found }])))
      }),
    )
  })

  it('gives the same bytes when the same value is set again', () => {
    const once = editJson('{\n  "a": {\n    "x": 1\n  }\n}\n', () => [
      { parent: ['a'], key: 'd', value: found },
    ])
    expect(editJson(once, () => [{ parent: ['a'], key: 'd', value: found }])).toBe(once)
  })
})

// JSON.stringify writes -0 as 0.
function withoutNegativeZero(members: [string, unknown][]): unknown {
  return JSON.parse(JSON.stringify(Object.fromEntries(members)))
}
