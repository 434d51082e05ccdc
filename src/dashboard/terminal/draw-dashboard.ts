import type { Style } from '../../lib/terminal/style.ts'
import { formatAge } from '../../lib/text/format.ts'
import type { Card, DashboardSection, DashboardView } from '../model/dashboard-view.ts'
import { describeUnchecked } from '../model/describe.ts'
import {
  type Canvas,
  cutLine,
  type Line,
  lineWidth,
  padLine,
  quoteReading,
  type Span,
  say,
  type TextTone,
  writeSentence,
} from './canvas.ts'
import { drawHead, fitEnds } from './card-head.ts'
import { terminalComponents } from './index.ts'

/** A dashboard as text, to be printed once. */
export function renderDashboard(
  view: DashboardView,
  name: string,
  { canvas, style }: { readonly canvas: Canvas; readonly style: Style },
): string {
  const lines = [drawTitle(view, name, canvas), ...drawDashboard(view, canvas)]
  return lines.map(line => renderLine(line, style)).join('\n')
}

function renderLine(line: Line, style: Style): string {
  const paint = toPaint(style)
  const text = line.map(({ text: each, tone }) => (each.trim() === '' ? each : paint[tone](each))).join('')
  return text.trimEnd()
}

function toPaint(style: Style): Readonly<Record<TextTone, (text: string) => string>> {
  return {
    plain: text => text,
    strong: style.bold,
    faint: style.dim,
    good: style.green,
    warning: style.yellow,
    bad: style.red,
    accent: text => style.bold(style.cyan(text)),
  }
}

/** First line: whose dashboard it is, a directory or an address, and how old what it knows of things is. */
export function drawTitle(view: DashboardView, name: string, canvas: Canvas): Line {
  const checked = view.sections
    .flatMap(({ cards }) => cards)
    .flatMap(({ facts }) => (facts === null ? [] : Date.parse(facts.checked_at)))
  const now = Date.parse(view.generated_at)
  const age = checked.length === 0 ? 'never synced' : `synced ${formatAge(now - Math.max(...checked))}`
  const end = say(age, checked.length === 0 ? 'warning' : 'faint')
  return fitEnds([say('nexus-registry  ', 'accent'), quoteReading(name, canvas, 'faint')], [end], canvas)
}

/** Everything below the title. */
export function drawDashboard(view: DashboardView, canvas: Canvas): Line[] {
  const { signs } = canvas
  const warnings = view.warnings.flatMap(warning =>
    writeSentence(`${signs.problem} ${warning}`, canvas, 'bad', 0),
  )
  const unlooked = describeUnchecked(view)
  const isEmpty = view.sections.length === 0 && warnings.length === 0
  return [
    ...drawSummary(view, canvas),
    ...warnings,
    ...(unlooked === undefined ? [] : writeSentence(unlooked, canvas, 'strong', 0)),
    ...(isEmpty ? [[say('the dashboard registry shows nothing', 'faint')]] : []),
    ...view.sections.flatMap(section => drawSection(section, canvas)),
  ]
}

function drawSection({ title, cards }: DashboardSection, canvas: Canvas): Line[] {
  const { signs, width, isBounded } = canvas
  const columns = isBounded ? toColumns(width) : { count: 1, width }
  const drawn = cards.map(card => drawCard(card, { ...canvas, width: columns.width }))
  const head: Line = [say(' '), quoteReading(title, canvas, 'accent'), say(' ')]
  const rule = signs.rule.repeat(Math.max(0, width - lineWidth(head) - 2))
  const line = [say(signs.rule.repeat(2), 'faint'), ...head, say(rule, 'faint')]
  return [[], isBounded ? cutLine(line, width, signs.ellipsis) : line, ...placeCards(drawn, columns)]
}

/** How many are how, what is wrong first. */
function drawSummary({ sections }: DashboardView, canvas: Canvas): Line[] {
  const cards = sections.flatMap(section => section.cards)
  if (cards.length === 0) return []
  const levels = cards.flatMap(({ readings }) => readings).map(({ level }) => level)
  const counts: readonly [word: string, count: number, tone: TextTone][] = [
    ['critical', count(levels, 'critical'), 'bad'],
    ['broken', cards.filter(isBroken).length, 'bad'],
    ['warning', count(levels, 'warning'), 'warning'],
    [
      'on',
      count(
        cards.map(({ state }) => state),
        'on',
      ),
      'good',
    ],
    [
      'off',
      count(
        cards.map(({ state }) => state),
        'off',
      ),
      'faint',
    ],
    [
      'unknown',
      count(
        cards.map(({ state }) => state),
        'unknown',
      ) + count(levels, 'unknown'),
      'plain',
    ],
  ]
  const shown = counts.filter(([, number]) => number > 0)
  const spans = shown.flatMap(([word, number, tone], index): Span[] => [
    ...(index === 0 ? [] : [say(` ${canvas.signs.dot} `, 'faint')]),
    say(`${number} ${word}`, tone),
  ])
  return [canvas.isBounded ? cutLine(spans, canvas.width, canvas.signs.ellipsis) : spans]
}

function isBroken({ state, component, warning }: Card): boolean {
  return state === 'broken' || (state === null && (component === null || warning !== null))
}

function count<Value>(values: readonly Value[], wanted: Value): number {
  return values.filter(value => value === wanted).length
}

/** A card by its component. What cannot be shown as it should be has a sentence in its place. */
export function drawCard(card: Card, canvas: Canvas): Line[] {
  const { component, warning } = card
  const isSound = component !== null && warning === null
  const lines = isSound ? terminalComponents[component](card, canvas) : drawError(card, canvas)
  const { isBounded, width, signs } = canvas
  return isBounded ? lines.map(line => cutLine(line, width, signs.ellipsis)) : lines
}

function drawError(card: Card, canvas: Canvas): Line[] {
  const { signs } = canvas
  const head =
    card.state === null
      ? [say(`${signs.problem} ${'broken'.padEnd(8)}`, 'bad'), quoteReading(card.name, canvas, 'strong')]
      : drawHead(card, [], canvas)
  return [head, ...writeSentence(card.warning ?? '', canvas, 'plain')]
}

const leastWidth = 38
const gap = 3

/** How cards stand side by side. */
interface Columns {
  readonly count: number
  /** Of one column. */
  readonly width: number
}

/** As many columns as have room to be read. */
function toColumns(width: number): Columns {
  const count = Math.max(1, Math.floor((width + gap) / (leastWidth + gap)))
  return { count, width: Math.floor((width + gap) / count) - gap }
}

/** Drawn cards row by row, so that they are read like a text. */
function placeCards(cards: readonly (readonly Line[])[], { count, width }: Columns): Line[] {
  const rows = Array.from({ length: Math.ceil(cards.length / count) }, (_, row) =>
    cards.slice(row * count, (row + 1) * count),
  )
  return rows.flatMap(row => placeRow(row, width))
}

function placeRow(row: readonly (readonly Line[])[], width: number): Line[] {
  const height = Math.max(...row.map(lines => lines.length))
  return Array.from({ length: height }, (_, at) =>
    row.flatMap((lines, index) => {
      const line = lines[at] ?? []
      return index === row.length - 1
        ? line
        : [...padLine(line, width), { text: ' '.repeat(gap), tone: 'plain' }]
    }),
  )
}
