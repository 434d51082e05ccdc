import { narrowColumns } from '../../lib/terminal/table.ts'
import { cutText, textWidth, toGraphemes } from '../../lib/terminal/width.ts'
import { type Canvas, type Line, quoteReading, type Span, say, type TextTone } from './canvas.ts'

/** Whether nothing stands side by side. */
export function isNarrow({ width }: Pick<Canvas, 'width'>): boolean {
  return width < narrowColumns
}

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
      const text = taken === left ? `${span.text} ` : span.text
      kept.push({ ...span, text: cutText(text, left, ellipsis.slice(0, left)) })
      break
    }
    kept.push(span)
    left -= taken
  }
  return kept
}

/** A line filled with spaces up to a width. */
export function padLine(line: Line, width: number): Line {
  const missing = width - lineWidth(line)
  return missing > 0 ? [...line, say(' '.repeat(missing))] : line
}

/** Two ends of a line, as far apart as the width lets them be. The first gives way, but for half of the width. */
export function spreadLine(
  start: Line,
  end: Line,
  { width, signs: { ellipsis } }: Pick<Canvas, 'width' | 'signs'>,
): Line {
  if (end.length === 0) return cutLine(start, width, ellipsis)
  const room = Math.max(width - lineWidth(start) - 1, Math.ceil(width / 2))
  const last = cutLine(end, Math.min(room, width), ellipsis)
  const first = cutLine(start, width - lineWidth(last) - 1, ellipsis)
  return [...padLine(first, width - lineWidth(last)), ...last]
}

/** `─ Machine ──────── 16 cores ─` */
export function drawHeading(title: string, canvas: Canvas, about: Line = []): Line {
  const { signs, width } = canvas
  const rule = (length: number) => say(signs.rule.repeat(Math.max(0, length)), 'faint')
  const end: Line = about.length === 0 ? [] : [say(' '), ...about, say(' '), rule(1)]
  const room = width - 3 - lineWidth(end)
  const name = cutLine([quoteReading(title, canvas, 'strong')], Math.max(0, room), signs.ellipsis)
  const start = [rule(1), say(' '), ...name, say(' ')]
  const line = [...start, rule(width - lineWidth(start) - lineWidth(end)), ...end]
  return cutLine(line, width, signs.ellipsis)
}

/** A command on a line of its own. It is never broken, so that it can be copied: it may be longer than the line. */
export function drawCommand(command: string, canvas: Canvas, indent = isNarrow(canvas) ? 0 : 2): Line {
  return [say(`${' '.repeat(indent)}$ `, 'faint'), quoteReading(command, canvas, 'command')]
}

/** Lines of which none but commands and paths is longer than the width, however few columns there are. */
export function fitLines(lines: readonly Line[], { width, signs }: Canvas): Line[] {
  return lines.map(line => (isWhole(line) ? line : cutLine(line, width, signs.ellipsis)))
}

/** Whether it is something to copy, with nothing else on its line. */
export function isWhole(line: Line): boolean {
  return (
    line.some(({ tone }) => tone === 'command') ||
    isPath(
      line
        .map(({ text }) => text)
        .join('')
        .trim(),
    )
  )
}

/** Longer ones are no paths that anybody copies. */
const longestPath = 400

function isPath(word: string): boolean {
  return word.length <= longestPath && /^[^\s/]*\/[^\s/]+\/\S*$/.test(word)
}

/** A sentence over as many lines as it takes. */
export function writeSentence(text: string, canvas: Canvas, tone: TextTone = 'plain', indent = 0): Line[] {
  return wrapLine([say(' '.repeat(indent)), quoteReading(text, canvas, tone)], canvas, indent)
}

/** Most lines of one sentence on a screen. */
const mostLines = 4

/** A line broken between words; what follows is indented. A word that is longer than a line is broken as well, unless it is a path. */
export function wrapLine(line: Line, { width, isWatched, signs }: Canvas, hang = 0): Line[] {
  if (lineWidth(line) <= width) return [line]
  const room = Math.max(1, width)
  const indent = room - hang < 8 ? 0 : hang
  const lines = fillSpans(toPieces(line, room - indent, !isWatched), { room, indent })
  if (!isWatched || lines.length <= mostLines) return lines
  const last = [...(lines[mostLines - 1] ?? []), say(` ${signs.ellipsis}`, 'faint')]
  const end = lineWidth(last) > room ? cutLine([...last, say(' ')], room, signs.ellipsis) : last
  return [...lines.slice(0, mostLines - 1), end]
}

function fillSpans(
  pieces: readonly Span[],
  { room, indent }: { readonly room: number; readonly indent: number },
): Line[] {
  const lines: Span[][] = [[]]
  let used = 0
  for (const span of pieces) {
    const taken = textWidth(span.text)
    const isFull = used + taken > room
    if (isFull) {
      lines.push([say(' '.repeat(indent))])
      used = indent
    }
    // A line that goes on does not begin with a space.
    const isBegun = lines.length === 1 || used > indent
    if (span.text.startsWith(' ') && (isFull || !isBegun)) continue
    lines.at(-1)?.push(span)
    used += taken
  }
  return lines.map(joinSpans).filter(spans => spans.some(({ text }) => text.trim() !== ''))
}

/** Words, and the spaces between them, each with room on a line. Paths can stay whole, so that they can be copied. */
function toPieces(line: Line, width: number, keepsPaths: boolean): Span[] {
  return line.flatMap(span =>
    (span.text.match(/ +|[^ ]+/g) ?? [])
      .flatMap(text => (keepsPaths && isPath(text) ? [text] : splitWord(text, width)))
      .map(text => ({ ...span, text })),
  )
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
    // In a single column there is no room for a wide character.
    if (grapheme.width > width) continue
    piece += grapheme.text
    used += grapheme.width
  }
  return [...pieces, piece]
}

/** Pieces of the same tone as one. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last && last.tone === span.tone && last.item === span.item)
      joined[joined.length - 1] = { ...last, text: last.text + span.text }
    else joined.push(span)
  }
  return joined
}

/** Items side by side, as many in a line as have room. */
export function flowItems(items: readonly Line[], canvas: Canvas): Line[] {
  const lines: Span[][] = []
  let used = 0
  for (const item of items) {
    const taken = lineWidth(item)
    const last = lines.at(-1)
    if (taken > canvas.width) {
      lines.push(...wrapLine(item, canvas, 2).map(line => [...line]))
      used = canvas.width
    } else if (last === undefined || used + 2 + taken > canvas.width) {
      lines.push([...item])
      used = taken
    } else {
      last.push(say('  '), ...item)
      used += 2 + taken
    }
  }
  return lines
}

/** Columns of the label before names that share a line. */
export const labelWidth = 14

/** `· not here    Podman, TPU, Azure CLI`. On a screen it is one line: what has no room there is counted. */
export function drawNames(label: Line, names: readonly string[], canvas: Canvas): Line[] {
  if (names.length === 0) return []
  const head = isNarrow(canvas) ? [...label, say(': ')] : padLine([...label, say(' ')], labelWidth)
  const quoted = names.map(name => quoteReading(name, canvas, 'faint'))
  if (canvas.isWatched) return [drawFittingNames(head, quoted, canvas)]
  const hang = isNarrow(canvas) ? 2 : labelWidth
  const lines: Span[][] = [[...head]]
  let used = lineWidth(head)
  quoted.forEach((span, index) => {
    const text = index === quoted.length - 1 ? span.text : `${span.text},`
    const taken = textWidth(text)
    const isFirst = index === 0
    // A name stays whole where a line has room for it.
    if (!isFirst && used + 1 + taken > canvas.width) {
      lines.push([say(' '.repeat(hang)), { ...span, text }])
      used = hang + taken
    } else {
      lines.at(-1)?.push({ ...span, text: isFirst ? text : ` ${text}` })
      used += taken + (isFirst ? 0 : 1)
    }
  })
  return lines.flatMap(line => wrapLine(joinSpans(line), canvas, hang))
}

function drawFittingNames(head: Line, names: readonly Span[], { width, signs }: Canvas): Line {
  // The number of the others needs a few columns.
  let left = width - lineWidth(head) - 3
  const end = names.findIndex(({ text }) => {
    left -= textWidth(text) + 2
    return left < 0
  })
  const shown = names.slice(0, end === -1 ? names.length : end).map(({ text }) => text)
  const more = names.length - shown.length
  const rest = more === 0 ? '' : shown.length === 0 ? `${more}` : `, +${more}`
  return cutLine([...head, say(`${shown.join(', ')}${rest}`, 'faint')], width, signs.ellipsis)
}

/** Columns between two that stand side by side. */
const gap = 3
const leastWidth = 38

/** How wide each of several panels is that stand side by side, and how many of them do. */
export function toColumns(
  panels: number,
  { width }: Pick<Canvas, 'width'>,
): { readonly count: number; readonly width: number } {
  const count = Math.max(1, Math.min(panels, Math.floor((width + gap) / (leastWidth + gap))))
  return { count, width: Math.min(Math.floor((width + gap) / count) - gap, widestPanel) }
}

const widestPanel = 80

/** Panels in columns, each in the one that is shortest so far. */
export function placePanels(
  panels: readonly (readonly Line[])[],
  { count, width }: ReturnType<typeof toColumns>,
): Line[] {
  const columns = Array.from({ length: count }, (): Line[] => [])
  for (const panel of panels) {
    const shortest = columns.reduce((best, each) => (each.length < best.length ? each : best))
    shortest.push(...panel)
  }
  const height = Math.max(0, ...columns.map(column => column.length))
  return Array.from({ length: height }, (_, row) =>
    columns.flatMap((column, index) => {
      const line = column[row] ?? []
      return index === columns.length - 1 ? line : padLine(line, width + gap)
    }),
  )
}
