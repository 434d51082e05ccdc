import { toGraphemes } from '../../lib/terminal/width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { Card, CardState } from '../model/dashboard-view.ts'
import {
  type Canvas,
  cutLine,
  type Line,
  lineWidth,
  quoteReading,
  type Span,
  say,
  spreadLine,
  type TextTone,
} from './canvas.ts'

const tones: Readonly<Record<CardState, TextTone>> = {
  on: 'good',
  off: 'faint',
  broken: 'bad',
  unknown: 'warning',
}

/** Columns of the longest state with its sign: names begin in the same column. */
const stateColumns = 10

/** Sign and word of a state: never colour alone. */
export function drawState(state: CardState, { signs }: Canvas, tone: TextTone = tones[state]): Span {
  return say(`${signs.states[state]} ${state}`.padEnd(stateColumns), tone)
}

// A card without a light keeps the column, so that names stand below each other.
function drawLight({ has_indicator: isLit }: Card, state: CardState, canvas: Canvas, tone?: TextTone): Span {
  return isLit ? drawState(state, canvas, tone) : say(' '.repeat(stateColumns))
}

/** Symbol and name of a card. */
export function drawName(
  { icon, name }: Pick<Card, 'icon' | 'name'>,
  canvas: Canvas,
  tone: TextTone = 'strong',
): Line {
  const symbol = toSymbol(icon, canvas)
  return [...(symbol === '' ? [] : [say(`${symbol} `)]), quoteReading(name, canvas, tone)]
}

// One symbol of two columns, so that names stand below each other. What is none, is not shown.
function toSymbol(icon: string | null, { signs }: Canvas): string {
  if (icon === null || signs.isAscii) return ''
  const [first] = toGraphemes(toVisibleLine(icon))
  if (first === undefined || first.width === 0 || first.width > 2 || first.text === '\\') return ''
  return first.width === 2 ? first.text : `${first.text} `
}

/** First line of a card: its state, its name, and what stands at the end. */
export function drawHead(card: Card, end: Line, canvas: Canvas): Line {
  const { state } = card
  const name = drawName(card, canvas, state === 'off' ? 'plain' : 'strong')
  const start = state === null ? name : [drawLight(card, state, canvas, toHeadTone(card)), ...name]
  return fitEnds(start, end, canvas)
}

// That nobody has looked is no warning about the thing.
function toHeadTone({ state, facts, warning }: Card): TextTone | undefined {
  return state === 'unknown' && facts === null && warning === null ? 'faint' : undefined
}

/** Two ends of a line, within the width where that is an end: then the first gives way, but for half of it. */
export function fitEnds(start: Line, end: Line, { width, isBounded, signs: { ellipsis } }: Canvas): Line {
  if (end.length === 0) return isBounded ? cutLine(start, width, ellipsis) : start
  if (!isBounded) return spreadLine(start, end, width)
  const room = Math.max(width - lineWidth(start) - 1, Math.ceil(width / 2))
  const kept = cutLine(end, room, ellipsis)
  return spreadLine(cutLine(start, width - lineWidth(kept) - 1, ellipsis), kept, width)
}

/** A card of something that is not here. That is no problem: why stands behind its name, as far as it fits. */
export function drawAbsence(card: Card, canvas: Canvas): Line {
  const reason = card.facts?.reason ? [say('  '), quoteReading(card.facts.reason, canvas, 'faint')] : []
  return fitEnds([drawLight(card, 'off', canvas), ...drawName(card, canvas, 'plain'), ...reason], [], canvas)
}
