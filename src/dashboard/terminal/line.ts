import { cutText, textWidth } from '../../lib/terminal/text-width.ts'

/** What a text is like: each surface has its colours for that. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'warning' | 'bad' | 'accent'

/** A piece of a line. Nothing in its text acts on a terminal. */
export interface Span {
  readonly text: string
  readonly tone: Tone
}

export type Line = readonly Span[]

/** Columns that a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0)
}

/** The beginning of a line that fits into so many columns. */
export function cutLine(line: Line, width: number, ellipsis: string): Line {
  if (lineWidth(line) <= width) return line
  if (width <= 0) return []
  const kept: Span[] = []
  let left = width
  for (const span of line) {
    const taken = textWidth(span.text)
    // The last column that is left is for the sign that something was cut.
    if (taken >= left) {
      kept.push({
        ...span,
        text:
          taken === left ? `${cutText(`${span.text} `, left, ellipsis)}` : cutText(span.text, left, ellipsis),
      })
      break
    }
    kept.push(span)
    left -= taken
  }
  return kept
}

/** Two ends of a line, as far apart as the width lets them be, and a space at least. */
export function spreadLine(start: Line, end: Line, width: number): Line {
  const gap = Math.max(1, width - lineWidth(start) - lineWidth(end))
  return [...start, { text: ' '.repeat(gap), tone: 'plain' }, ...end]
}

/** A line filled with spaces up to a width. */
export function padLine(line: Line, width: number): Line {
  const missing = width - lineWidth(line)
  return missing > 0 ? [...line, { text: ' '.repeat(missing), tone: 'plain' }] : line
}
