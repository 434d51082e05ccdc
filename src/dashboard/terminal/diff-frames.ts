import type { Cell, Frame, Row } from './frame.ts'
import type { Tone } from './line.ts'

// ECMA-48, "Select Graphic Rendition".
const codes: Readonly<Record<Tone, string>> = {
  plain: '0',
  strong: '0;1',
  faint: '0;2',
  good: '0;32',
  warning: '0;33',
  bad: '0;31',
  accent: '0;1;36',
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
  let tone: Tone = 'plain'
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
