import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderCsv } from '../../src/query/formats/csv.ts'
import { entriesFormats } from '../../src/query/formats/index.ts'
import { rounds } from '../support/stress.ts'

test.each([
  ['a heading and a row', [{ id: 'a', size: 1 }], 'id,size\r\na,1\r\n'],
  [
    'what is missing or null is empty',
    [
      { id: 'a', x: null },
      { id: 'b', y: false },
    ],
    'id,x,y\r\na,,\r\nb,,false\r\n',
  ],
  ['quotes, commas and lines', [{ id: 'a "b", c\nd' }], 'id\r\n"a ""b"", c\nd"\r\n'],
  ['what is nested is a column each', [{ id: 'a', d: { v: '1', e: { f: 2 } } }], 'id,d.v,d.e.f\r\na,1,2\r\n'],
  ['a list is its items', [{ id: 'a', l: ['x', 2] }], 'id,l\r\na,x;2\r\n'],
  ['a list of more is JSON', [{ id: 'a', l: [{ b: 1 }] }], 'id,l\r\na,"[{""b"":1}]"\r\n'],
  [
    'a text is no formula',
    [{ id: '=1+1', n: -5, m: '-5', at: '@x', plus: '+x', tab: '\tx' }],
    "id,n,m,at,plus,tab\r\n'=1+1,-5,'-5,'@x,'+x,'\tx\r\n",
  ],
  ['of nothing there is nothing', [], ''],
])('csv: %s', (_, entries, text) => {
  expect(renderCsv(entries)).toBe(text)
})

test('csv gives any text back, but for the mark of a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), texts => {
      const rows = readCsv(String(renderCsv(texts.map(id => ({ id })))))
      expect(rows.slice(1).map(([cell = '']) => cell.replace(/^'(?=[=+\-@\t\r])/, ''))).toEqual(
        texts.map(text => text.replace(/^'(?=[=+\-@\t\r])/, '')),
      )
    }),
  )
})

test('json, ndjson and yaml give any document back', async () => {
  const entry = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 3 }))
  await fc.assert(
    fc.asyncProperty(fc.array(entry), async entries => {
      const same = JSON.parse(JSON.stringify(entries))
      expect(JSON.parse(String(await entriesFormats.json(entries)))).toEqual(same)
      const lines = String(await entriesFormats.ndjson(entries))
        .split('\n')
        .filter(line => line !== '')
      expect(lines.map(line => JSON.parse(line))).toEqual(same)
      // YAML tells -0 from 0, which JSON does not.
      const read: unknown = parse(String(await entriesFormats.yaml(entries)))
      expect(JSON.parse(JSON.stringify(read))).toEqual(same)
    }),
    { numRuns: rounds(50) },
  )
})

// Texts that YAML 1.1 reads as something else, or YAML 1.2 does, when they stand without quotes.
const tricky = [
  'no yes on off y n NO Null null ~ true True 1e3 0x1f 0o17 017 0b11 1_000 12:30:45 1:20 2024-01-01 = << .inf .nan 1.0 +1 - 1. ._5',
  '-- --- ... *a &a !a %a @a `a | > [a {a #x a#b a:b a: ?a',
]
  .flatMap(line => line.split(' '))
  .concat(
    [
      '',
      ' lead',
      'trail ',
      'a: b',
      'a #b',
      '- a',
      '? a',
      'tab\tx',
      'nl\nx',
      'cr\rx',
      '"q"',
      "'s'",
      'a:',
      'a b.',
    ],
    ['\u2028', '\u0085', '\u007f', '\ufeff', '\ud800', 'é', '🐳', 'a  b', `${'long '.repeat(300)}x`],
  )

test.each(['1.1', '1.2'] as const)(
  'yaml reads the same in YAML %s, keys as well as values',
  async version => {
    const numbers = [1e-7, 1.5e-7, 1e21, -1e30, 0.1, 128_000]
    const entries = [
      { id: 'a', list: tricky, numbers, keys: Object.fromEntries(tricky.map(key => [key, key])) },
    ]
    const text = String(await entriesFormats.yaml(entries))
    expect(parse(text, { version })).toEqual(entries)
  },
)

test('yaml leaves plain sentences without quotes', async () => {
  const entries = [{ id: 'docker', detection: 'which docker', version: '28.2.2', url: 'https://a.example/b' }]
  expect(await entriesFormats.yaml(entries)).toBe(
    '- id: docker\n  detection: which docker\n  version: "28.2.2"\n  url: https://a.example/b\n',
  )
})

/** Rows of cells, as RFC 4180 describes them. */
function readCsv(text: string): string[][] {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)]
  const rows: string[][] = [[]]
  for (const [, cell = '', end] of cells) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}
