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
  expect(await render(tools, 60)).toBe(
    [
      'id       entries  description',
      'docker        15  Builds and runs containers',
      'kubectl        2  Talks to clusters, of which there may be …',
    ].join('\n'),
  )
})

test('what names the rows is cut last, where it leaves the others half of the width', async () => {
  const headings = ['id', 'provider', 'context', 'cost', 'status', 'for', 'also']
  const columns = headings.map(heading => ({ heading }))
  const row = (id: string) => [
    id,
    'anthropic',
    '128000',
    '0.00015',
    'deprecated',
    'streaming',
    'function_calling',
  ]
  const rows = [row('gpt-4o-mini'), row('gpt-4-turbo')]
  const lines = (await render({ columns, rows }, 60)).split('\n')
  expect(lines.map(line => line.split(/ {2,}/)[0])).toEqual(['id', 'gpt-4o-mini', 'gpt-4-turbo'])
  expect(lines[1]).toMatch(/^gpt-4o-mini {2}anthr\S*… {2}128000/)
  const long = [['x'.repeat(90), 'y'.repeat(90)]]
  const cut = (await render({ columns: columns.slice(0, 2), rows: long }, 60)).split('\n')
  expect(cut[1]?.split('  ').map(cell => cell.length)).toEqual([29, 29])
})

test('below 60 columns a table that does not fit is a list: the headings of numbers stay, and nothing is cut', async () => {
  expect(await render(tools, 40)).toBe(
    [
      'docker  entries 15  Builds and runs',
      '  containers',
      'kubectl  entries 2  Talks to clusters,',
      '  of which there may be a great many in',
      '  far away places',
    ].join('\n'),
  )
  const fitting = { ...tools, rows: [['a', '1', 'b']] }
  expect(await render(fitting, 40)).toBe('id  entries  description\na         1  b')
})

test('a width that is exactly enough cuts nothing', async () => {
  const whole = await render(tools)
  const width = Math.max(...whole.split('\n').map(line => line.length))
  expect(await render(tools, width)).toBe(whole)
  expect(await render(tools, width - 1)).toContain('…')
})

test.each([[10], [1], [0]])('%i columns are too few, and lose nothing', async width => {
  const text = await render(tools, width)
  const words = tools.rows.flat().join(' ').split(' ')
  expect(words.filter(word => !text.includes(word))).toEqual([])
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
