import { type Line, padLine } from './line.ts'

const leastWidth = 38
const gap = 3

/** How cards stand side by side. */
export interface Columns {
  readonly count: number
  /** Of one column. */
  readonly width: number
}

/** As many columns as have room to be read. */
export function toColumns(width: number): Columns {
  const count = Math.max(1, Math.floor((width + gap) / (leastWidth + gap)))
  return { count, width: Math.floor((width + gap) / count) - gap }
}

/** Drawn cards row by row, so that they are read like a text. */
export function placeCards(cards: readonly (readonly Line[])[], { count, width }: Columns): Line[] {
  const rows = Array.from({ length: Math.ceil(cards.length / count) }, (_, row) =>
    cards.slice(row * count, (row + 1) * count),
  )
  return rows.flatMap(row => placeRow(row, width))
}

function placeRow(row: readonly (readonly Line[])[], width: number): Line[] {
  const height = Math.max(...row.map(lines => lines.length))
  return Array.from({ length: height }, (_, at) =>
    row.flatMap((lines, index) => {
      const line = lines[at] ?? []
      return index === row.length - 1
        ? line
        : [...padLine(line, width), { text: ' '.repeat(gap), tone: 'plain' }]
    }),
  )
}
