import { toGraphemes } from '../../lib/terminal/width.ts'
import type { Line, TextTone } from './canvas.ts'

// ECMA-48, "Select Graphic Rendition".
const codes: Readonly<Record<TextTone, string>> = {
  plain: '0',
  strong: '0;1',
  faint: '0;2',
  good: '0;32',
  warning: '0;33',
  bad: '0;31',
  command: '0;36',
  chosen: '0;7',
}

/** Characters of which all terminals know how wide they are: then the next one needs no place of its own. */
const certain = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2500-\u259f\u25cb\u25cf]$/

/**
 * What has to be written for one screen to become another of the same size: the cells that differ, and nothing when
 * none does.
 */
export function diffFrames(
  before: Frame,
  after: Frame,
  { hasColors }: { readonly hasColors: boolean },
): string {
  const parts: string[] = []
  let tone: TextTone = 'plain'
  const write = (cell: Cell) => {
    if (hasColors && cell.tone !== tone) {
      parts.push(`\x1b[${codes[cell.tone]}m`)
      tone = cell.tone
    }
    parts.push(cell.text)
  }
  const writeRow = (row: Row, old: Row, y: number) => {
    let at = -1
    row.forEach((cell, x) => {
      if (cell.width === 0 || isSame(cell, row[x + 1], old, x)) return
      const place = `\x1b[${y + 1};${x + 1}H`
      if (at !== x) parts.push(place)
      // Should the terminal draw it narrow, nothing old may show beside it.
      if (cell.width === 2) parts.push(`  ${place}`)
      write(cell)
      at = certain.test(cell.text) ? x + 1 : -1
    })
  }
  after.forEach((row, y) => {
    const old = before[y] ?? []
    if (row !== old) writeRow(row, old, y)
  })
  if (tone !== 'plain') parts.push('\x1b[0m')
  return parts.join('')
}

function isSame(cell: Cell, next: Cell | undefined, old: Row, x: number): boolean {
  const before = old[x]
  if (before !== cell && (before?.text !== cell.text || before.tone !== cell.tone)) return false
  return cell.width === 1 || old[x + 1]?.text === next?.text
}

/** One place on a screen. The second of a wide character is empty. */
interface Cell {
  readonly text: string
  readonly tone: TextTone
  /** Columns; 0 for the second place of a wide character. */
  readonly width: number
}

type Row = readonly Cell[]

/** A screen, row by row, each as long as the screen is wide. */
export type Frame = readonly Row[]

const blank: Cell = { text: ' ', tone: 'plain', width: 1 }
const second: Cell = { text: '', tone: 'plain', width: 0 }

/** A screen with nothing on it. */
export function blankFrame(columns: number, rows: number): Frame {
  return toFrame([], columns, rows)
}

/** Lines as they stand on a screen of that size. What has no room is left out. */
export function toFrame(lines: readonly Line[], columns: number, rows: number): Frame {
  const nothing = fill([], columns)
  return Array.from({ length: rows }, (_, row) => {
    const line = lines[row] ?? []
    return line.length === 0 ? nothing : toRow(line, columns)
  })
}

function toRow(line: Line, columns: number): Row {
  const cells: Cell[] = []
  for (const { text, tone } of line) {
    for (const grapheme of toGraphemes(text)) {
      // What takes no room of its own has nothing to stand on here.
      if (grapheme.width === 0) continue
      if (cells.length + grapheme.width > columns) return fill(cells, columns)
      cells.push(toCell(grapheme.text, grapheme.width, tone))
      if (grapheme.width === 2) cells.push(second)
    }
  }
  return fill(cells, columns)
}

/** Cells are the same again and again, in each frame: making them anew takes longer than finding them. */
const known = new Map<TextTone, Map<string, Cell>>()
const mostKnown = 2000

function toCell(text: string, width: number, tone: TextTone): Cell {
  // A space looks the same in every tone.
  if (text === ' ') return blank
  const cells = known.get(tone) ?? new Map<string, Cell>()
  const cell = cells.get(text) ?? { text, tone, width }
  if (cells.size >= mostKnown) cells.clear()
  known.set(tone, cells.set(text, cell))
  return cell
}

function fill(cells: Cell[], columns: number): Row {
  while (cells.length < columns) cells.push(blank)
  return cells
}
