import { renderAge } from '../../lib/text/age-2.ts'
import type { Card } from '../model/card.ts'
import type { DashboardSection, DashboardView } from '../model/dashboard-view.ts'
import { describeUnlooked } from '../model/describe-unlooked.ts'
import { type Canvas, quote, say, writeSentence } from './canvas.ts'
import { fitEnds } from './card-head.ts'
import { drawCard } from './draw-card.ts'
import { cutLine, type Line, lineWidth, type Span, type Tone } from './line.ts'
import { placeCards, toColumns } from './place-cards.ts'

/** First line: whose dashboard it is, a directory or an address, and how old what it knows of things is. */
export function drawTitle(view: DashboardView, name: string, canvas: Canvas): Line {
  const checked = view.sections
    .flatMap(({ cards }) => cards)
    .flatMap(({ facts }) => (facts === null ? [] : Date.parse(facts.checked_at)))
  const now = Date.parse(view.generated_at)
  const age = checked.length === 0 ? 'never synced' : `synced ${renderAge(now - Math.max(...checked))}`
  const end = say(age, checked.length === 0 ? 'warning' : 'faint')
  return fitEnds([say('nexus-registry  ', 'accent'), quote(name, canvas, 'faint')], [end], canvas)
}

/** Everything below the title. */
export function drawDashboard(view: DashboardView, canvas: Canvas): Line[] {
  const { signs } = canvas
  const troubles = view.troubles.flatMap(trouble =>
    writeSentence(`${signs.trouble} ${trouble}`, canvas, 'bad', 0),
  )
  const unlooked = describeUnlooked(view)
  const isEmpty = view.sections.length === 0 && troubles.length === 0
  return [
    ...drawSummary(view, canvas),
    ...troubles,
    ...(unlooked === undefined ? [] : writeSentence(unlooked, canvas, 'strong', 0)),
    ...(isEmpty ? [[say('the dashboard registry shows nothing', 'faint')]] : []),
    ...view.sections.flatMap(section => drawSection(section, canvas)),
  ]
}

function drawSection({ title, cards }: DashboardSection, canvas: Canvas): Line[] {
  const { signs, width, isBounded } = canvas
  const columns = isBounded ? toColumns(width) : { count: 1, width }
  const drawn = cards.map(card => drawCard(card, { ...canvas, width: columns.width }))
  const head: Line = [say(' '), quote(title, canvas, 'accent'), say(' ')]
  const rule = signs.rule.repeat(Math.max(0, width - lineWidth(head) - 2))
  const line = [say(signs.rule.repeat(2), 'faint'), ...head, say(rule, 'faint')]
  return [[], isBounded ? cutLine(line, width, signs.ellipsis) : line, ...placeCards(drawn, columns)]
}

/** How many are how, what is wrong first. */
function drawSummary({ sections }: DashboardView, canvas: Canvas): Line[] {
  const cards = sections.flatMap(section => section.cards)
  if (cards.length === 0) return []
  const levels = cards.flatMap(({ readings }) => readings).map(({ level }) => level)
  const counts: readonly [word: string, count: number, tone: Tone][] = [
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
  const told = counts.filter(([, number]) => number > 0)
  const spans = told.flatMap(([word, number, tone], index): Span[] => [
    ...(index === 0 ? [] : [say(` ${canvas.signs.dot} `, 'faint')]),
    say(`${number} ${word}`, tone),
  ])
  return [canvas.isBounded ? cutLine(spans, canvas.width, canvas.signs.ellipsis) : spans]
}

function isBroken({ state, component, trouble }: Card): boolean {
  return state === 'broken' || (state === null && (component === null || trouble !== null))
}

function count<Value>(values: readonly Value[], wanted: Value): number {
  return values.filter(value => value === wanted).length
}
