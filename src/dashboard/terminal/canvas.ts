import { toGraphemes } from '../../lib/terminal/graphemes.ts'
import { cutText } from '../../lib/terminal/text-width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { Line, Span, Tone } from './line.ts'
import type { Signs } from './signs.ts'
import { wrapText } from './wrap-text.ts'

/** What a card is drawn on. */
export interface Canvas {
  readonly signs: Signs
  /** Columns. */
  readonly width: number
  /** Whether the width is the end: in a pipe nothing is cut, and no sentence broken. */
  readonly isBounded: boolean
}

/** A piece of our own words. */
export function say(text: string, tone: Tone = 'plain'): Span {
  return { text, tone }
}

/** Words from outside, in which nothing acts on a terminal. */
export function quote(text: string, { signs }: Pick<Canvas, 'signs'>, tone: Tone = 'plain'): Span {
  const visible = toVisibleLine(text)
  return { text: signs.isAscii ? visible.replace(/[^\x20-\x7e]+/gu, toAscii) : visible, tone }
}

function toAscii(text: string): string {
  return '?'.repeat(toGraphemes(text).length)
}

const sentenceLines = 4

/** A sentence over as many lines as it takes, below the name of its card. */
export function writeSentence(text: string, canvas: Canvas, tone: Tone, indent = 2): Line[] {
  const { text: visible } = quote(text, canvas)
  const { width, isBounded, signs } = canvas
  const room = Math.max(8, width - indent)
  const lines = isBounded
    ? wrapText(visible, { width: room, most: sentenceLines, ellipsis: signs.ellipsis })
    : [visible]
  return lines.map(line => [say(`${' '.repeat(indent)}${line}`, tone)])
}

/** A line of several facts, those that fit. */
export function writeFacts(facts: readonly string[], canvas: Canvas, tone: Tone, indent = 2): Line[] {
  if (facts.length === 0) return []
  const { text } = quote(facts.join(` ${canvas.signs.dot} `), canvas)
  const shown = canvas.isBounded
    ? cutText(text, Math.max(8, canvas.width - indent), canvas.signs.ellipsis)
    : text
  return [[say(`${' '.repeat(indent)}${shown}`, tone)]]
}
