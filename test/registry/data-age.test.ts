import { expect, test } from 'vitest'
import { describeData, describeOldData, findDataAge } from '../../src/registry/data-age.ts'

const now = Date.parse('2026-11-29T12:00:00Z')

interface Source {
  readonly 'x-source'?: { readonly retrieved_on: string }
  readonly 'x-local'?: boolean
  readonly 'x-upstream'?: string
}

const of = (day: string, marks: Omit<Source, 'x-source'> = {}): Source => {
  return { 'x-source': { retrieved_on: day }, ...marks }
}

const rows: readonly [what: string, entries: Source[], text: string | undefined][] = [
  ['no entry', [], undefined],
  ['entries without a source', [{}, {}], undefined],
  ['figures of today', [of('2026-11-29')], 'models: figures of 2026-11-29 (today)'],
  ['figures of a clock that is ahead', [of('2027-01-01')], 'models: figures of 2027-01-01 (today)'],
  ['figures of 89 days ago', [of('2026-09-01')], 'models: figures of 2026-09-01 (89 days ago)'],
  [
    'figures of 90 days ago',
    [of('2026-08-31')],
    '1 of 1 models have figures of 90 days ago or older, the oldest of 2026-08-31',
  ],
  [
    'old ones of which there are as many as others',
    [of('2026-11-28'), of('2026-01-01')],
    '1 of 2 models have figures of 90 days ago or older, the oldest of 2026-01-01',
  ],
  [
    'one old entry among others',
    [of('2026-11-28'), of('2026-01-01'), of('2026-11-28')],
    'models: figures of 2026-11-28 (1 day ago)',
  ],
  [
    'old entries of this home, and of an upstream',
    [of('2026-01-01', { 'x-local': true }), of('2026-01-01', { 'x-upstream': 'http-api' }), of('2026-11-28')],
    'models: figures of 2026-11-28 (1 day ago)',
  ],
]

test.each(rows)('%s', (_, entries, text) => {
  const age = findDataAge('models', Object.entries(entries), now)
  expect(age && (age.is_old ? describeOldData(age) : describeData(age))).toBe(text)
})
