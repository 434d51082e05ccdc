import { toGraphemes } from '../../lib/terminal/graphemes.ts'
import { cutText, textWidth } from '../../lib/terminal/text-width.ts'
import { fillLines } from '../../lib/terminal/wrap-words.ts'

/** A text in lines of at most so many columns, broken between words. What is beyond the last line is cut. */
export function wrapText(
  text: string,
  { width, most, ellipsis }: { readonly width: number; readonly most: number; readonly ellipsis: string },
): string[] {
  const words = text.split(' ').flatMap(each => splitWord(each, width))
  const all = fillLines(words, { first: width, room: width })
  const kept = all.length > most ? [...all.slice(0, most - 1), all.slice(most - 1).join(' ')] : all
  return kept.map(each => cutText(each, Math.max(1, width), ellipsis))
}

/** A word in pieces that have room each. */
function splitWord(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word]
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const grapheme of toGraphemes(word)) {
    if (used + grapheme.width > width && piece !== '') {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += grapheme.text
    used += grapheme.width
  }
  return [...pieces, piece]
}
