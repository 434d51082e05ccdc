import { withoutEscapes } from '../text/text.ts'

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

// Signs and labels that stand before a text: what goes on in the next line stands below the text, not below these.
const lead =
  /^ *(?:[\u2717\u2716\u2714\u2713\u26a0\u00b7\u2022?!+-] +)?(?:(?:Usage|error|hint|fix|cause|warning|held|fixed|blocks \d+): +)?/

/** What is copied as a whole: a command of this program, a variable with its value, and words in quotes. */
const unit =
  /(?<![^\s(])nexus-registry [a-z]+(?: (?:'[^']*'|\S*[/=]\S*|-{1,2}[\w-]+|[A-Z]+(?![\w.:])))*|export \w+=\S+|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])|"[^"]*"|`[^`]*`/gu

/** A word may hold such a space, which is a plain one again in the end. */
const gluedSpace = '\u0000'

/** Next to a lead that leaves less room than this, text goes on at the indentation of its first line. */
const minColumns = 16

/**
 * Breaks lines that are longer than `width` between words. What follows is indented by `hang` columns, or else to where
 * the text of the line begins, behind its sign and label. A word that is longer than a line stays whole, so that paths
 * and commands can be copied; a command of several words is broken only where it fits on no line. Escape sequences take
 * no room. Without a width, as in pipes and files, the text stays as it is.
 */
export function wrapWords(text: string, width: number | undefined, hang?: number): string {
  if (width === undefined) return text
  const wrap = (line: string) => (measure(line) <= width ? line : wrapLine(line, width, hang))
  return text.split('\n').map(wrap).join('\n')
}

/**
 * Like `wrapWords`, for help: what stands behind a gap explains the term before it, and goes on below itself. Where that
 * leaves too little room, it stands in lines of its own below the term.
 */
export function wrapHelp(text: string, width: number): string {
  const wrap = (line: string) => {
    const [, term = '', gap = '', explanation = ''] = /^( *\S.*?)( {2,})(\S.*)$/.exec(line) ?? []
    if (measure(line) <= width || explanation === '')
      return wrapWords(line, width, line.startsWith(' ') ? 4 : undefined)
    const column = measure(term + gap)
    if (width - column >= leastExplained) return wrapWords(line, width, column)
    return `${wrapWords(term, width, 4)}\n${wrapWords(`      ${explanation}`, width)}`
  }
  return joinParagraphs(text.split('\n')).map(wrap).join('\n')
}

/** Lines of one paragraph are one line: where they were broken is not where this terminal ends. */
function joinParagraphs(lines: readonly string[]): string[] {
  const joined: string[] = []
  for (const line of lines) {
    const last = joined.at(-1)
    if (last !== undefined && isProse(last) && isProse(line)) joined[joined.length - 1] = `${last} ${line}`
    else joined.push(line)
  }
  return joined
}

// Terms, examples and headings stay on lines of their own.
function isProse(line: string): boolean {
  return /^[^\s]/.test(line) && !line.endsWith(':') && !/ {2}/.test(line)
}

const leastExplained = 24

function wrapLine(line: string, width: number, hang: number | undefined): string {
  const plain = withoutEscapes(line)
  const [indentation = ''] = /^ */.exec(plain) ?? []
  const [head = ''] = lead.exec(plain) ?? []
  const wanted = hang ?? measure(head)
  const indent = width - wanted < minColumns ? Math.min(wanted, indentation.length) : wanted
  const room = Math.max(1, width - indent)
  const glue = (found: string) => (measure(found) <= room ? found.replaceAll(' ', gluedSpace) : found)
  const words = line.replace(unit, glue).split(' ')
  const first = words.splice(0, head.split(' ').length - 1)
  const lines = fillLines(first.length > 0 ? [first.join(' '), ...words] : words, { first: width, room })
  return lines
    .map((each, index) => {
      const text = index === 0 ? each.trimStart() : each
      const wished = index === 0 ? each.length - text.length : indent
      return `${' '.repeat(toIndent(text, { width, indent: wished }))}${text}`
    })
    .map(each => each.replaceAll(gluedSpace, ' ').trimEnd())
    .join('\n')
}

// A word that only fits on a line from its beginning gets all the columns that it takes.
function toIndent(
  text: string,
  { width, indent }: { readonly width: number; readonly indent: number },
): number {
  const taken = measure(text)
  return taken > width ? indent : Math.min(indent, width - taken)
}

/** Puts words on lines: as many as have room, at least one. Several spaces stay between words of one line. */
export function fillLines(
  words: readonly string[],
  { first, room }: { readonly first: number; readonly room: number },
): string[] {
  const lines: string[] = []
  let line = words[0] ?? ''
  for (const word of words.slice(1)) {
    const isBegun = lines.length === 0 || line !== ''
    const longer = isBegun ? `${line} ${word}` : word
    if (line.trim() === '' || measure(longer) <= (lines.length === 0 ? first : room)) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function measure(text: string): number {
  return textWidth(withoutEscapes(text))
}
