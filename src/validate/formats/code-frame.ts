import type { Style } from '../../lib/terminal/style.ts'
import { textWidth } from '../../lib/terminal/width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { Diagnostic } from '../../registry/diagnostic.ts'

export interface FrameOptions {
  readonly style: Style
  /** Columns for the text of a line; longer ones are cut around what they are shown for. */
  readonly width: number
}

type Span = Pick<Diagnostic, 'line' | 'column' | 'end_line' | 'end_column'>

const linesBefore = 1

/** The line of a finding with the one before it, and carets below what it is about. Empty when the line is not there. */
export function renderCodeFrame(lines: readonly string[], span: Span, options: FrameOptions): string[] {
  const { style } = options
  const text = lines[span.line - 1]
  if (text === undefined) return []
  const from = span.column - 1
  const to = span.end_line === span.line ? span.end_column - 1 : text.length
  const window = toWindow(text, { from, to }, options.width)
  const gutter = String(span.line).length
  const bar = style.dim('│')
  const before = lines.slice(Math.max(0, span.line - 1 - linesBefore), span.line - 1)
  const numbered = [...before, text].map((line, index) => {
    const number = String(span.line - before.length + index).padStart(gutter)
    const isLast = index === before.length
    const shown = cut(line, window)
    return `${style.dim(number)} ${bar} ${isLast ? shown : style.dim(shown)}`.trimEnd()
  })
  const blank = ' '.repeat(textWidth(cut(text.slice(0, from), window)))
  const marked = toVisibleLine(text.slice(Math.max(from, window.start), Math.min(to, window.end)))
  const carets = style.red('^'.repeat(Math.max(1, textWidth(marked))))
  return [...numbered, `${' '.repeat(gutter)} ${bar} ${blank}${carets}`]
}

interface Window {
  readonly start: number
  readonly end: number
}

/** Part of the lines to show: their beginnings, or what stands around the marked part when that lies further on. */
function toWindow(text: string, mark: { from: number; to: number }, width: number): Window {
  if (Math.max(mark.from + 1, Math.min(mark.to, text.length)) <= width) return { start: 0, end: width }
  const markWidth = Math.min(mark.to - mark.from, width >> 1)
  const start = Math.max(0, mark.from - ((width - markWidth) >> 1))
  return { start, end: start + width }
}

function cut(line: string, { start, end }: Window): string {
  const [before, after] = [start > 0 ? '…' : '', line.length > end ? '…' : '']
  return `${before}${toVisibleLine(line.slice(start, end))}${after}`
}
