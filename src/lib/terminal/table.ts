import type CliTable from 'cli-table3'
import { toVisibleLine } from '../text/visible.ts'
import type { Style } from './style.ts'
import { wrapWords } from './width.ts'

export interface TableColumn {
  readonly heading: string
  readonly align?: 'left' | 'right'
  /** Colours a cell; gets its text with nothing invisible left in it. */
  readonly paint?: (text: string) => string
}

export interface Table {
  readonly columns: readonly TableColumn[]
  /** Plain text, of any origin: it is made visible here. */
  readonly rows: readonly (readonly string[])[]
}

export interface TableOptions {
  readonly style: Style
  /** Columns of the terminal; without it nothing is cut. */
  readonly width: number | undefined
}

const gap = 2

/** On a terminal with fewer columns, a table that does not fit becomes a list: cells that are cut say nothing. */
export const narrowColumns = 60

/** A table without lines: bold headings, columns two spaces apart, the widest ones cut to fit the terminal. */
export async function renderTable(table: Table, { style, width }: TableOptions): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const cells = table.rows.map(row => row.map((text, index) => paint(text, table.columns[index])))
  const head = table.columns.map(({ heading }) => style.bold(heading))
  const draw = (rows: readonly string[][], colWidths: number[], isFirst = true) => {
    const drawing = new Table({ ...toBorders(table.columns), head: isFirst ? head : [], colWidths })
    drawing.push(...rows)
    // The library fills in the widths that it finds while it draws.
    return {
      text: drawing.toString().replace(/ +$/gm, ''),
      widths: drawing.options.colWidths.map(found => found ?? 0),
    }
  }
  const [first = [], ...others] = toParts(cells)
  const whole = draw(first, [])
  const widths = others
    .map(rows => draw(rows, []).widths)
    .reduce((left, right) => left.map((each, index) => Math.max(each, right[index] ?? 0)), whole.widths)
  const isWide = width !== undefined && sum(widths) - gap > width
  if (!isWide && others.length === 0) return whole.text
  if (isWide && width < narrowColumns) return renderRows(table, { style, width })
  const fitted = isWide ? fitWidths(widths, width + gap) : widths
  return [draw(first, fitted), ...others.map(rows => draw(rows, fitted, false))]
    .map(({ text }) => text)
    .join('\n')
}

/** Each row in lines of its own: its name, and the cells behind it. Numbers keep their heading. */
function renderRows({ columns, rows }: Table, { style, width }: TableOptions): string {
  const lines = rows.map(row => {
    const cells = row.flatMap((text, index) => {
      const column = columns[index]
      if (text === '' || text === '–') return []
      const shown = paint(text, column)
      return [
        index > 0 && column?.align === 'right' && column.heading !== ''
          ? `${column.heading} ${shown}`
          : shown,
      ]
    })
    const [first = '', ...others] = cells
    return wrapWords([style.bold(first), ...others].join('  '), width, 2)
  })
  return lines.join('\n')
}

// The library compares each row with all others: a large table is drawn in parts.
const rowsAtOnce = 200

function toParts(rows: readonly string[][]): string[][][] {
  return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, part) =>
    rows.slice(part * rowsAtOnce, (part + 1) * rowsAtOnce),
  )
}

function paint(text: string, column: TableColumn | undefined): string {
  const visible = toVisibleLine(text)
  return column?.paint ? column.paint(visible) : visible
}

function toBorders(columns: readonly TableColumn[]): CliTable.TableConstructorOptions {
  return {
    chars: noLines,
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': gap },
  }
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const

/** None but the first gets narrower than this where that is enough: some letters, a sign that it was cut, the gap. */
const goodWidth = 8

/** No column gets narrower than this. */
const leastWidth = 5

/**
 * Takes from the widest columns until all of them fit, or none can give any more. The first one, which names the rows,
 * keeps up to half of the width while the others can give.
 */
function fitWidths(widths: readonly number[], available: number): number[] {
  const named = Math.min(widths[0] ?? 0, Math.floor(available / 2))
  const ways = [goodWidth, leastWidth].map(least => widths.map((_, index) => (index === 0 ? named : least)))
  const leasts = ways.find(
    way => sum(way.map((least, index) => Math.min(least, widths[index] ?? 0))) <= available,
  )
  return narrow(widths, leasts ?? widths.map(() => leastWidth), available)
}

function narrow(widths: readonly number[], leasts: readonly number[], available: number): number[] {
  const fitted = [...widths]
  for (let excess = sum(fitted) - available; excess > 0; excess -= 1) {
    const spare = fitted.map((width, index) => (width > (leasts[index] ?? 0) ? width : 0))
    const widest = Math.max(...spare)
    if (widest === 0) break
    fitted[spare.lastIndexOf(widest)] = widest - 1
  }
  return fitted
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
