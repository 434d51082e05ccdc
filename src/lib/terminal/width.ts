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

/** What a reader takes for one character, and the columns that it takes on a terminal. */
interface Grapheme {
  readonly text: string
  /** 0, 1 or 2. */
  readonly width: number
}

// Characters of which each stands for itself and takes one column: Latin letters, punctuation, lines and blocks.
const narrow =
  /^[\x20-\x7e\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2010-\u2027\u2500-\u25a9\u25b2-\u25b5\u25bc-\u25bf\u25c4-\u25fa]*$/

/**
 * One character: a flag of two letters, or anything with what is put on it or joined to it. Terminals know no more than
 * this of the rules (Unicode Standard Annex #29), and `Intl.Segmenter` takes longer to load than a dashboard to draw.
 */
const grapheme =
  /\p{Regional_Indicator}{2}|(?:\p{Extended_Pictographic}\p{Emoji_Modifier}?|[\s\S])(?:[\p{M}\u1160-\u11ff\u{e0020}-\u{e007f}]|\u200d(?:\p{Extended_Pictographic}\p{Emoji_Modifier}?)?)*/gu

// Unicode Standard Annex #11: wide and fullwidth characters, and the emoji that terminals draw two columns wide.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const combining = /\p{Mn}|\p{Me}|[\u1160-\u11ff\u200b-\u200d\u{e0020}-\u{e007f}]/u
// A variation selector asks for the picture, as do joined emoji, skin colours and flags.
const picture = /\ufe0f|\p{Extended_Pictographic}[\p{Emoji_Modifier}\u200d]|\p{Regional_Indicator}{2}/u

/** More code points than this on one character are decoration that would run into the lines around it. */
const mostPoints = 16

/** What was split before: names and symbols are, again and again. */
const known = new Map<string, readonly Grapheme[]>()
const mostKnown = 2000

/** Whether each character of a text takes one column, and stands for itself. */
function isNarrow(text: string): boolean {
  return narrow.test(text)
}

/** Splits a text into its characters. */
export function toGraphemes(text: string): readonly Grapheme[] {
  if (isNarrow(text)) return Array.from(text, each => ({ text: each, width: 1 }))
  const found = known.get(text) ?? Array.from(text.match(grapheme) ?? [], toGrapheme)
  if (known.size >= mostKnown) known.clear()
  known.set(text, found)
  return found
}

function toGrapheme(segment: string): Grapheme {
  const points = Array.from(segment).slice(0, mostPoints)
  const text = points.join('')
  if (picture.test(text)) return { text, width: 2 }
  return {
    text,
    width: Math.min(
      2,
      points.reduce((sum, each) => sum + toWidth(each), 0),
    ),
  }
}

function toWidth(point: string): number {
  if (combining.test(point)) return 0
  return wide.test(point) ? 2 : 1
}
