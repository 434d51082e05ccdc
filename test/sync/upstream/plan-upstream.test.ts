import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../../src/lib/json/parse-json.ts'
import { createKeyRank } from '../../../src/registry/schema/known-keys.ts'
import { type Desired, planUpstream, type UpstreamPlan } from '../../../src/sync/upstream/parse-upstream.ts'

const url = 'https://up.example/models.json'

const plan = (text: string | undefined, entries: Record<string, unknown>, changes: Partial<Desired> = {}) =>
  planUpstream(
    text,
    {
      url,
      entries,
      quarantined: [],
      lastModified: null,
      knownLastModified: null,
      isForced: false,
      ...changes,
    },
    createKeyRank('tools'),
  )

const toText = (entries: unknown) => `${JSON.stringify(entries, null, 2)}\n`
const textOf = (planned: UpstreamPlan) => (planned.kind === 'planned' ? planned.text : planned.reason)
const entriesOf = (planned: UpstreamPlan): unknown => JSON.parse(textOf(planned))
const mark = { 'x-upstream': url }

describe('a document of an upstream', () => {
  test('is compared with what is here', () => {
    const here = toText({
      a: { n: 1, ...mark },
      b: { n: 2, ...mark },
      c: { n: 3, ...mark },
      d: { n: 4, ...mark },
    })
    expect(plan(here, { a: { n: 1 }, b: { n: 20 }, d: { n: 4 }, e: { n: 5 } })).toMatchObject({
      kind: 'planned',
      created: ['e'],
      updated: ['b'],
      removed: ['c'],
    })
  })

  test.each<[string, here: unknown, there: Record<string, unknown>, expected: unknown]>([
    ['is marked with where it came from', {}, { a: { n: 1 } }, { a: { n: 1, ...mark } }],
    [
      'leaves entries of this home alone',
      { a: { n: 1, 'x-local': true } },
      { b: {} },
      { a: { n: 1, 'x-local': true }, b: mark },
    ],
    [
      'does not change an entry of this home',
      { a: { n: 1, 'x-local': true } },
      { a: { n: 2 } },
      { a: { n: 1, 'x-local': true } },
    ],
    [
      'leaves what was found here',
      { a: { n: 1, detected: 'here' } },
      { a: { n: 2 } },
      { a: { n: 2, ...mark, detected: 'here' } },
    ],
    [
      'loses what was found for another question',
      { a: { detection: 'which a', detected: 'here' } },
      { a: { detection: 'which b' } },
      { a: { detection: 'which b', ...mark } },
    ],
    [
      'says nothing about what is here',
      {},
      { a: { n: 1, detected: 'there', 'x-local': true, 'x-upstream': 'x' } },
      { a: { n: 1, ...mark } },
    ],
    [
      'has no say over a mark that is false',
      { a: { n: 1, 'x-local': false } },
      { a: { n: 1 } },
      { a: { n: 1, ...mark } },
    ],
    [
      'replaces what is no entry',
      { a: 1, b: { n: 1 }, c: { n: 1 } },
      { a: { n: 1 }, b: { n: 1 }, c: { n: 1 } },
      { a: { n: 1, ...mark }, b: { n: 1, ...mark }, c: { n: 1, ...mark } },
    ],
  ])('%s', (_, here, there, expected) => {
    expect(entriesOf(plan(toText(here), there))).toEqual(expected)
  })

  test('leaves what is here of an entry that is broken there', () => {
    const here = toText({ a: { n: 1, ...mark }, b: { n: 2, ...mark } })
    const planned = plan(here, { a: { n: 1 } }, { quarantined: ['b'] })
    expect(planned).toMatchObject({ removed: [], text: here })
  })

  test('makes a file where there is none', () => {
    expect(textOf(plan(undefined, { a: { n: 1 } }))).toBe(toText({ a: { n: 1, ...mark } }))
  })
})

describe('what stays keeps its text', () => {
  const here = `{
  "$schema": "./x.json",

  "a": { "n": 1, "list": [1, 2], "x-upstream": "${url}" },
  "b": {
    "list": [1,   2],
    "n": 2
  },
  "c": { "n": 3 }
}
`
  test('to the byte when nothing changes', () => {
    const text = textOf(plan(here, { a: { n: 1, list: [1, 2] }, b: { list: [1, 2], n: 2 }, c: { n: 3 } }))
    expect(textOf(plan(text, { c: { n: 3 }, b: { n: 2, list: [1, 2] }, a: { list: [1, 2], n: 1 } }))).toBe(
      text,
    )
  })

  test('and what changes is written as its neighbours are', () => {
    const there = { a: { n: 1, list: [1, 2] }, b: { list: [1, 2], n: 20, new: { deep: true } }, d: { n: 4 } }
    expect(textOf(plan(here, there))).toBe(`{
  "$schema": "./x.json",

  "a": { "n": 1, "list": [1, 2], "x-upstream": "${url}" },
  "b": {
    "list": [1,   2],
    "n": 20,
    "new": {
      "deep": true
    },
    "x-upstream": "${url}"
  },
  "d": {
    "n": 4,
    "x-upstream": "${url}"
  }
}
`)
  })

  test('on one line too', () => {
    expect(textOf(plan('{"a":{"n":1}}', { a: { n: 1 }, b: { n: 2 } }))).toBe(
      `{"a":{"n":1, "x-upstream": "${url}"}, "b": {"n":2,"x-upstream":"${url}"}}`,
    )
  })
})

describe('is refused', () => {
  const six = toText(Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map(id => [id, { n: 1 }])))
  const some = (...ids: string[]) => Object.fromEntries(ids.map(id => [id, { n: 1 }]))
  const older = {
    lastModified: 'Sun, 22 Nov 2026 08:00:00 GMT',
    knownLastModified: 'Mon, 23 Nov 2026 08:00:00 GMT',
  }

  test.each<[string, UpstreamPlan]>([
    ['what removes more than a third', plan(six, some('a', 'b', 'c'))],
    ['what has nothing at all', plan(six, {})],
    ['what is older than what is here', plan(six, some('a', 'b', 'c', 'd', 'e', 'f', 'g'), older)],
    [
      'what would replace a file that cannot be read and has entries of its own',
      plan('{"a": {"x-local": true}', {}),
    ],
  ])('%s', (_, planned) => {
    expect(planned.kind).toBe('refused')
  })

  test.each<[string, UpstreamPlan]>([
    ['what removes a third', plan(six, some('a', 'b', 'c', 'd'))],
    ['what removes more, when forced', plan(six, some('a'), { isForced: true })],
    [
      'what is older, when forced',
      plan(six, some('a', 'b', 'c', 'd', 'e', 'f', 'g'), { ...older, isForced: true }),
    ],
    ['what is older and the same', plan(six, some('a', 'b', 'c', 'd', 'e', 'f'), older)],
    [
      'what has a date that nobody can read',
      plan(six, some('a', 'b', 'c', 'd', 'e'), { ...older, lastModified: 'once' }),
    ],
    ['what replaces a file that cannot be read', plan('{"a": ', some('a'))],
    ['the first document of an empty registry', plan('{}', some('a'))],
  ])('but not %s', (_, planned) => {
    expect(planned.kind).toBe('planned')
  })
})

test('whatever is here and there: what is written is what is there, and writing it again changes nothing', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd')
  // What reaches into prototypes is refused before it is compared.
  const value = fc
    .jsonValue({ maxDepth: 2 })
    .filter(each => parseJson(JSON.stringify(each)).errors.length === 0)
  const entry = fc.dictionary(fc.constantFrom('n', 'm'), value)
  const document = fc.dictionary(id, entry)
  const indent = fc.constantFrom(0, 2, '\t')
  fc.assert(
    fc.property(document, document, indent, (here, there, space) => {
      const planned = plan(JSON.stringify(here, null, space), there, { isForced: true })
      const expected = Object.fromEntries(
        Object.entries(there).map(([key, value]) => [key, { ...value, ...mark }]),
      )
      // As JSON has it: it knows no minus zero.
      expect(entriesOf(planned)).toEqual(JSON.parse(JSON.stringify(expected)))
      expect(plan(textOf(planned), there)).toMatchObject({
        created: [],
        updated: [],
        removed: [],
        text: textOf(planned),
      })
    }),
  )
})
