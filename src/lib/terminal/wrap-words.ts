import { withoutEscapes } from '../text/text.ts'
import { textWidth } from './width.ts'

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
  return text.split('\n').map(wrap).join('\n')
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
