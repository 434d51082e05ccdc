import type { Environment, Host } from '../../platform/host.ts'
import type { CardState, ReadingLevel } from '../model/dashboard-view.ts'

/** Signs that drawings are made of. */
export interface Symbols {
  readonly isAscii: boolean
  readonly states: Readonly<Record<CardState, string>>
  readonly levels: Readonly<Record<ReadingLevel, string>>
  readonly trouble: string
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
  trouble: '✗',
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
  trouble: 'x',
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
