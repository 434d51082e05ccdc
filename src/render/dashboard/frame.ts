import { toGraphemes } from '../graphemes.ts'
import type { Line, Tone } from './line.ts'

/** One place on a screen. The second of a wide character is empty. */
export interface Cell {
  readonly text: string
  readonly tone: Tone
  /** Columns; 0 for the second place of a wide character. */
  readonly width: number
}

/** A screen, row by row, each as long as the screen is wide. */
export type Frame = readonly (readonly Cell[])[]

const blank: Cell = { text: ' ', tone: 'plain', width: 1 }
const second: Cell = { text: '', tone: 'plain', width: 0 }

/** A screen with nothing on it. */
export function blankFrame(columns: number, rows: number): Frame {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => blank))
}

/** Lines as they stand on a screen of that size. What has no room is left out. */
export function toFrame(lines: readonly Line[], columns: number, rows: number): Frame {
  return Array.from({ length: rows }, (_, row) => toRow(lines[row] ?? [], columns))
}

function toRow(line: Line, columns: number): Cell[] {
  const cells: Cell[] = []
  for (const { text, tone } of line) {
    for (const grapheme of toGraphemes(text)) {
      // What takes no room of its own has nothing to stand on here.
      if (grapheme.width === 0) continue
      if (cells.length + grapheme.width > columns) return fill(cells, columns)
      // A space looks the same in every tone.
      cells.push(grapheme.text === ' ' ? blank : { ...grapheme, tone })
      if (grapheme.width === 2) cells.push(second)
    }
  }
  return fill(cells, columns)
}

function fill(cells: Cell[], columns: number): Cell[] {
  while (cells.length < columns) cells.push(blank)
  return cells
}
