export interface TextPosition {
  /** Counts from 1. */
  readonly line: number
  /** Counts from 1, in UTF-16 code units as editors do. */
  readonly column: number
}

/** Turns offsets of a text into lines and columns. Lines end with LF, CRLF or CR. */
export function createPositionIndex(text: string): (offset: number) => TextPosition {
  let starts: readonly number[] | undefined
  return offset => {
    starts ??= lineStarts(text)
    const line = lastAtMost(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const found of text.matchAll(/\r\n|\n|\r/g)) starts.push(found.index + found[0].length)
  return starts
}

function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((sorted[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}
