import { expect, test } from 'vitest'
import { findJsonValues } from '../../../src/lib/json/json-scanner.ts'

const rows: [what: string, text: string, values: readonly unknown[]][] = [
  ['nothing', '', []],
  ['prose', '[WARN] {low} [x] all is well', []],
  ['one document', '{"a": [1, "}"]}', [{ a: [1, '}'] }]],
  [
    'several documents and noise',
    '[12:30:01] x {"a": 1} y\n[{"b": "\\"]"}]\n[]',
    [{ a: 1 }, [{ b: '"]' }], []],
  ],
  ['what is complete inside of a document that is cut off', '[{"a": 1}, {"b": 2}, {"c', [{ a: 1 }, { b: 2 }]],
  ['a document behind one that is none', '{"a": }\n{"b": 1}', [{ b: 1 }]],
  ['a document behind many brackets', `${'['.repeat(100)} {"a": 1}`, [{ a: 1 }]],
  ['brackets without end', '['.repeat(100_000), []],
  ['quotes without end', '{"'.repeat(100_000), []],
]
test.each(rows)('finds in %s what is JSON', (_what, text, values) => {
  expect(findJsonValues(text)).toEqual(values)
})
