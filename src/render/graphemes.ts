/** What a reader takes for one character, and the columns that it takes on a terminal. */
export interface Grapheme {
  readonly text: string
  readonly width: number
}

const plain = /^[\x20-\x7e]*$/

// Unicode Standard Annex #11: wide and fullwidth characters, and the emoji that terminals draw two columns wide.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
const combining = /\p{Mn}|\p{Me}|[\u1160-\u11ff\u200b-\u200d]/u
// A variation selector asks for the picture, as do joined emoji, skin colours and the keys of a telephone.
const picture = /\ufe0f|\p{Extended_Pictographic}[\p{Emoji_Modifier}\u200d]/u

/** More code points than this on one character are decoration that would run into the lines around it. */
const mostPoints = 16

let segmenter: Intl.Segmenter | undefined

/** Splits a text into its characters. */
export function toGraphemes(text: string): Grapheme[] {
  if (plain.test(text)) return Array.from(text, each => ({ text: each, width: 1 }))
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => toGrapheme(segment))
}

function toGrapheme(segment: string): Grapheme {
  const points = Array.from(segment)
  const text = points.length > mostPoints ? points.slice(0, mostPoints).join('') : segment
  if (picture.test(text)) return { text, width: 2 }
  // The second letter of a flag adds nothing.
  const isFlag = /^\p{Regional_Indicator}{2}/u.test(text)
  return {
    text,
    width: isFlag ? 2 : points.slice(0, mostPoints).reduce((sum, each) => sum + toWidth(each), 0),
  }
}

function toWidth(point: string): number {
  if (combining.test(point)) return 0
  return wide.test(point) ? 2 : 1
}
