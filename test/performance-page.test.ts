import { describe, expect, test } from 'vitest'
import { benchmarks } from '../bench/benchmarks/index.ts'
import { updatePerformancePage } from '../bench/performance-page.ts'
import type { Result } from '../bench/run-benchmark.ts'
import { readDocument } from './support/documents.ts'

const page = readDocument('docs/performance.md')
const names = benchmarks.map(({ name }) => name)
const machine = 'a machine'

function createResult(name: string, median: number): Result {
  const row = {
    label: `row of ${name}`,
    unit: 'ms',
    samples: [median],
    median,
    p10: median,
    p90: median,
    verdicts: [],
  } as const
  return { name, what: `What ${name} does`, runs: 2, rows: [row], skipped: [] }
}

describe('docs/performance.md', () => {
  test('has a section for each benchmark, in the order in which they run', () => {
    const sections = [...page.matchAll(/^### (.*)\n\n<!-- bench ([\w-]+) -->/gm)]
    expect(sections.map(([, what, name]) => [name, what])).toEqual(
      benchmarks.map(({ name, what }) => [name, what]),
    )
  })

  test('stays as it is when nothing was measured', () => {
    expect(updatePerformancePage(page, [], { machine, names })).toBe(page)
  })

  test('gets the section of what was measured, and keeps the others', () => {
    const updated = updatePerformancePage(page, [createResult('warm', 7)], { machine, names })
    expect(updated).toContain('### What warm does\n\n<!-- bench warm -->\n\na machine; 2 runs.\n')
    expect(updated).toContain('| row of warm | 7 ms | 7 … 7 |  |  |')
    const sectionOf = (text: string, name: string) =>
      text.split(/^### /m).find(part => part.includes(`bench ${name} `))
    for (const name of names.filter(each => each !== 'warm'))
      expect(sectionOf(updated, name)).toBe(sectionOf(page, name))
  })
})

test('a new benchmark gets its section where its name stands', () => {
  const empty =
    '# Page\n\n<!-- measurements: npm run bench -- --write -->\n\n<!-- end of measurements -->\n\nText\n'
  const options = { machine, names: ['a', 'b', 'c'] }
  const first = updatePerformancePage(empty, [createResult('c', 1), createResult('a', 2)], options)
  const second = updatePerformancePage(first, [createResult('b', 3)], options)
  expect([...second.matchAll(/<!-- bench (\w) -->/g)].map(([, name]) => name)).toEqual(['a', 'b', 'c'])
  expect(second.startsWith('# Page\n')).toBe(true)
  expect(second.endsWith('\n\nText\n')).toBe(true)
})

test('a page without a place for results is refused', () => {
  expect(() => updatePerformancePage('# Page\n', [], { machine, names })).toThrow('needs <!-- measurements')
})
