import { toGraphemes } from '../../lib/terminal/graphemes.ts'
import type { Line, Tone } from './line.ts'

/** One place on a screen. The second of a wide character is empty. */
export interface Cell {
  readonly text: string
  readonly tone: Tone
  /** Columns; 0 for the second place of a wide character. */
  readonly width: number
}

export type Row = readonly Cell[]

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
const known = new Map<Tone, Map<string, Cell>>()
const mostKnown = 2000

function toCell(text: string, width: number, tone: Tone): Cell {
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
