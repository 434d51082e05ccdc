import { cutText, fillLines, textWidth, toGraphemes } from '../../lib/terminal/width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { Environment, Host } from '../../platform/host.ts'
import type { CardState, ReadingLevel } from '../model/dashboard-view.ts'

/** What a card is drawn on. */
export interface Canvas {
  readonly signs: Symbols
  /** Columns. */
  readonly width: number
  /** Whether the width is the end: in a pipe nothing is cut, and no sentence broken. */
  readonly isBounded: boolean
}

/** A piece of our own words. */
export function say(text: string, tone: TextTone = 'plain'): Span {
  return { text, tone }
}

/** Words from outside, in which nothing acts on a terminal. */
export function quoteReading(text: string, { signs }: Pick<Canvas, 'signs'>, tone: TextTone = 'plain'): Span {
  const visible = toVisibleLine(text)
  return { text: signs.isAscii ? visible.replace(/[^\x20-\x7e]+/gu, toAscii) : visible, tone }
}

function toAscii(text: string): string {
  return '?'.repeat(toGraphemes(text).length)
}

const sentenceLines = 4

/** A sentence over as many lines as it takes, below the name of its card. */
export function writeSentence(text: string, canvas: Canvas, tone: TextTone, indent = 2): Line[] {
  const { text: visible } = quoteReading(text, canvas)
  const { width, isBounded, signs } = canvas
  const room = Math.max(8, width - indent)
  const lines = isBounded
    ? wrapText(visible, { width: room, most: sentenceLines, ellipsis: signs.ellipsis })
    : [visible]
  return lines.map(line => [say(`${' '.repeat(indent)}${line}`, tone)])
}

/** A line of several facts, those that fit. */
export function writeFacts(facts: readonly string[], canvas: Canvas, tone: TextTone, indent = 2): Line[] {
  if (facts.length === 0) return []
  const { text } = quoteReading(facts.join(` ${canvas.signs.dot} `), canvas)
  const shown = canvas.isBounded
    ? cutText(text, Math.max(8, canvas.width - indent), canvas.signs.ellipsis)
    : text
  return [[say(`${' '.repeat(indent)}${shown}`, tone)]]
}

/** What a text is like: each surface has its colours for that. */
export type TextTone = 'plain' | 'strong' | 'faint' | 'good' | 'warning' | 'bad' | 'accent'

/** A piece of a line. Nothing in its text acts on a terminal. */
export interface Span {
  readonly text: string
  readonly tone: TextTone
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

/** A text in lines of at most so many columns, broken between words. What is beyond the last line is cut. */
function wrapText(
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

/** Signs that drawings are made of. */
export interface Symbols {
  readonly isAscii: boolean
  readonly states: Readonly<Record<CardState, string>>
  readonly levels: Readonly<Record<ReadingLevel, string>>
  readonly problem: string
  /** A cell of a bar that is full, and those that are so many eighths full. */
  readonly full: string
  readonly eighths: readonly string[]
  readonly empty: string
  /** Where a threshold is. */
  readonly tick: string
  /** Heights of a bar, the lowest first. */
  readonly heights: readonly string[]
  /** A moment of which nothing is known. */
  readonly gap: string
  readonly rule: string
  readonly ellipsis: string
  readonly dot: string
}

const unicode: Symbols = {
  isAscii: false,
  states: { on: '●', off: '○', broken: '✗', unknown: '?' },
  levels: { ok: '✓', warning: '▲', critical: '◆', unknown: '?' },
  problem: '✗',
  full: '█',
  eighths: ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'],
  empty: '░',
  tick: '╎',
  heights: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  gap: '·',
  rule: '─',
  ellipsis: '…',
  dot: '·',
}

const ascii: Symbols = {
  isAscii: true,
  states: { on: '+', off: '-', broken: 'x', unknown: '?' },
  levels: { ok: '+', warning: '!', critical: '!!', unknown: '?' },
  problem: 'x',
  full: '#',
  eighths: [''],
  empty: '.',
  tick: '|',
  heights: ['_', '.', ',', '-', '=', '+', '*', '#'],
  gap: ' ',
  rule: '-',
  ellipsis: '...',
  dot: '-',
}

/** The signs that a locale has: without UTF-8, or on a terminal that can do nothing, those of ASCII. */
export function chooseSymbols({ env, platform }: Pick<Host, 'env' | 'platform'>): Symbols {
  if (env.TERM === 'dumb') return ascii
  const locale = localeOf(env)
  // There, nobody needs to say so.
  if (locale === undefined) return platform === 'linux' ? ascii : unicode
  return /utf-?8/i.test(locale) ? unicode : ascii
}

// POSIX: the first of these that is set and not empty.
function localeOf({ LC_ALL: all, LC_CTYPE: characters, LANG: language }: Environment): string | undefined {
  return all || characters || language || undefined
}
