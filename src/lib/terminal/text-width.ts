import { isNarrow, toGraphemes } from './graphemes.ts'

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  if (isNarrow(text)) return text.length
  return toGraphemes(text).reduce((sum, { width }) => sum + width, 0)
}

/** The beginning of a text that fits into so many columns, with an ellipsis where something was cut. */
export function cutText(text: string, width: number, ellipsis = '…'): string {
  if (textWidth(text) <= width) return text
  if (width <= 0) return ''
  let kept = ''
  let used = ellipsis.length
  for (const grapheme of toGraphemes(text)) {
    used += grapheme.width
    if (used > width) break
    kept += grapheme.text
  }
  return `${kept.trimEnd()}${ellipsis}`
}
