import { toGraphemes } from '../../lib/terminal/width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { Environment, Host } from '../../platform/host.ts'
import type { CardState, ReadingLevel } from '../model/dashboard-view.ts'

/** What a dashboard is drawn on. */
export interface Canvas {
  readonly signs: Symbols
  /** Columns. */
  readonly width: number
  /** Whether it is a screen, where each row counts. What is printed once is never cut. */
  readonly isWatched: boolean
  /** The item that was chosen by keys, as `Span.item`. */
  readonly chosen?: string | undefined
  /** Directory that `~` stands for; undefined for paths of other machines. */
  readonly userHome?: string | undefined
}

/** What a text is like: each surface has its colours for that. */
export type TextTone = 'plain' | 'strong' | 'faint' | 'good' | 'warning' | 'bad' | 'command' | 'chosen'

/** A piece of a line. Nothing in its text acts on a terminal. */
export interface Span {
  readonly text: string
  readonly tone: TextTone
  /** What keys can choose here: the ref of a problem or a card. */
  readonly item?: string
}

export type Line = readonly Span[]

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

/** A sign, and the name of something that keys can choose: then a cursor stands between them. */
export function drawItem(
  sign: Span,
  { item, name }: { readonly item: string; readonly name: string },
  canvas: Canvas,
): Line {
  const isChosen = canvas.chosen === item
  const cursor = isChosen ? say(canvas.signs.cursor, 'strong') : say(' ')
  return [sign, cursor, { ...quoteReading(name, canvas, isChosen ? 'chosen' : 'strong'), item }]
}

/** Signs that drawings are made of. */
export interface Symbols {
  readonly isAscii: boolean
  readonly states: Readonly<Record<CardState, string>>
  readonly levels: Readonly<Record<ReadingLevel, string>>
  /** Soon, or worth a look. */
  readonly warn: string
  readonly up: string
  readonly down: string
  readonly arrow: string
  /** Before the item that was chosen. */
  readonly cursor: string
  /** Names of the keys that choose and open. */
  readonly keys: { readonly choose: string; readonly open: string }
  /** A cell of a bar that is full, and those that are so many eighths full. */
  readonly full: string
  readonly eighths: readonly string[]
  /** A cell of a bar that something else takes. */
  readonly other: string
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
  states: { on: '✓', off: '·', broken: '✗', unknown: '?' },
  levels: { ok: '✓', warning: '▲', critical: '◆', unknown: '?' },
  warn: '!',
  up: '↑',
  down: '↓',
  arrow: '→',
  cursor: '›',
  keys: { choose: '↑↓', open: '⏎' },
  full: '█',
  eighths: ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'],
  other: '▓',
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
  warn: '!',
  up: '^',
  down: 'v',
  arrow: '->',
  cursor: '>',
  keys: { choose: 'j k', open: 'Enter' },
  full: '#',
  eighths: [''],
  other: '=',
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

/** Tones of the states of cards. */
export const stateTones: Readonly<Record<CardState, TextTone>> = {
  on: 'good',
  off: 'faint',
  broken: 'bad',
  unknown: 'warning',
}
