import { expect, test } from 'vitest'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { renderTable, type Table } from '../../src/lib/terminal/table.ts'

const plain = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
const painted = await createStyle({ stream: { isTerminal: true }, env: {}, color: true })

function render(table: Table, width?: number) {
  return renderTable(table, { style: plain, width })
}

const tools: Table = {
  columns: [{ heading: 'id' }, { heading: 'entries', align: 'right' }, { heading: 'description' }],
  rows: [
    ['docker', '15', 'Builds and runs containers'],
    ['kubectl', '2', 'Talks to clusters, of which there may be a great many in far away places'],
  ],
}

test('without a width nothing is cut', async () => {
  expect(await render(tools)).toBe(
    [
      'id       entries  description',
      'docker        15  Builds and runs containers',
      'kubectl        2  Talks to clusters, of which there may be a great many in far away places',
    ].join('\n'),
  )
})

test('on a terminal the widest column is cut', async () => {
  expect(await render(tools, 50)).toBe(
    [
      'id       entries  description',
      'docker        15  Builds and runs containers',
      'kubectl        2  Talks to clusters, of which the…',
    ].join('\n'),
  )
})

test('what names the rows is cut last, where it leaves the others half of the width', async () => {
  const headings = ['id', 'provider', 'context', 'cost', 'status', 'for']
  const columns = headings.map(heading => ({ heading }))
  const row = (id: string) => [id, 'anthropic', '128000', '0.00015', 'deprecated', 'streaming']
  const rows = [row('gpt-4o-mini'), row('gpt-4-turbo')]
  expect(await render({ columns, rows }, 45)).toBe(
    [
      'id           prov…  cont…  cost   stat…  for',
      'gpt-4o-mini  anth…  1280…  0.00…  depr…  str…',
      'gpt-4-turbo  anth…  1280…  0.00…  depr…  str…',
    ].join('\n'),
  )
  expect(await render({ columns: columns.slice(0, 2), rows: [['x'.repeat(90), 'y'.repeat(90)]] }, 20)).toBe(
    ['id         provider', 'xxxxxxxx…  yyyyyyyy…'].join('\n'),
  )
})

test('a width that is exactly enough cuts nothing', async () => {
  const whole = await render(tools)
  const width = Math.max(...whole.split('\n').map(line => line.length))
  expect(await render(tools, width)).toBe(whole)
  expect(await render(tools, width - 1)).toContain('…')
})

test.each([[10], [1], [0]])('%i columns are too few, and still give a table', async width => {
  const lines = (await render(tools, width)).split('\n')
  expect(lines).toHaveLength(3)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(24)
})

test('wide characters take two columns', async () => {
  const table = {
    columns: [{ heading: 'a' }, { heading: 'b' }],
    rows: [
      ['日本語', 'x'],
      ['abcdef', 'y'],
      ['🚀🚀🚀', 'z'],
      ['e\u0301', 'w'],
    ],
  }
  expect(await render(table)).toBe('a       b\n日本語  x\nabcdef  y\n🚀🚀🚀  z\ne\u0301       w')
})

test('control characters are spelled out and take no second line', async () => {
  const table = { columns: [{ heading: 'a' }], rows: [['x\u001b[31my\nz\u202e']] }
  expect(await render(table)).toBe('a\nx\\x1b[31my\\nz\\u202e')
})

test('no rows leave the headings', async () => {
  expect(await render({ ...tools, rows: [] })).toBe('id  entries  description')
})

test('colours do not count as width', async () => {
  const table = {
    columns: [{ heading: 'status', paint: (text: string) => painted.red(text) }, { heading: 'id' }],
    rows: [['broken', 'docker']],
  }
  const text = await renderTable(table, { style: painted, width: 20 })
  expect(text).toBe('\u001b[1mstatus\u001b[22m  \u001b[1mid\u001b[22m\n\u001b[31mbroken\u001b[39m  docker')
})
