import type { Style } from './style.ts'
import type { TableOptions } from './table.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The sign before each state: it stands for the colour where there is none. */
export interface Signs {
  readonly good: string
  readonly bad: string
  /** Soon, high, or worth a look. */
  readonly warn: string
  /** Not here, or not set up. */
  readonly none: string
  readonly up: string
  readonly down: string
  readonly arrow: string
  readonly ellipsis: string
  readonly full: string
  readonly empty: string
}

const symbols: Signs = {
  good: '✓',
  bad: '✗',
  warn: '!',
  none: '·',
  up: '↑',
  down: '↓',
  arrow: '→',
  ellipsis: '…',
  full: '█',
  empty: '░',
}
const ascii: Signs = {
  good: '+',
  bad: 'x',
  warn: '!',
  none: '-',
  up: '^',
  down: 'v',
  arrow: '->',
  ellipsis: '...',
  full: '#',
  empty: '.',
}

/** The signs that a terminal can show: ASCII where the locale is not UTF-8, and on terminals that say that they can do little. */
export function toSigns(env: Environment): Signs {
  return isUnicode(env) ? symbols : ascii
}

// POSIX: LC_ALL comes before LC_CTYPE, and that before LANG; empty ones do not count. macOS and Windows set none.
function isUnicode({ TERM: term, LC_ALL: all, LC_CTYPE: type, LANG: lang }: Environment): boolean {
  if (term === 'dumb') return false
  const locale = all || type || lang
  return locale === undefined || locale === '' || /utf-?8/i.test(locale)
}

/** How a summary is drawn on a terminal. */
export interface SummaryOptions extends TableOptions {
  readonly signs: Signs
}

const paints = {
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  none: 'dim',
  up: 'cyan',
  down: 'yellow',
} as const satisfies Partial<Record<keyof Signs, keyof Style>>

export type StateSign = keyof typeof paints

/** The sign of a state in its colour. */
export function paintSign(
  sign: StateSign,
  { style, signs }: Pick<SummaryOptions, 'style' | 'signs'>,
): string {
  return style[paints[sign]](signs[sign])
}
