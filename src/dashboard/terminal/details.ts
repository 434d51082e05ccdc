import { formatAge, renderCount } from '../../lib/text/format.ts'
import { toShortPath } from '../../lib/text/short-path.ts'
import type { Card, DashboardProblem, DashboardView } from '../model/dashboard-view.ts'
import { describeProvider, describeRuntimeModel, formatValue, stateWords } from '../model/describe.ts'
import { type Canvas, type Line, quoteReading, say } from './canvas.ts'
import { describeUnknown, isKnown } from './charts.ts'
import { drawHeading, fitLines, padLine, wrapLine, writeSentence } from './layout.ts'
import { drawFix } from './problems.ts'

/** What keys can choose: a problem, or a card. A problem has the card of what it is about beside it. */
export interface DashboardThing {
  readonly problem: DashboardProblem | undefined
  readonly card: Card | undefined
}

/** The problem or card with this ref; undefined when it is gone. */
export function findThing({ problems, sections }: DashboardView, item: string): DashboardThing | undefined {
  const problem = problems.find(({ ref }) => ref === item)
  const cards = sections.flatMap(section => section.cards)
  const card = cards.find(({ ref, subject }) => ref === item || (problem !== undefined && subject === item))
  return problem === undefined && card === undefined ? undefined : { problem, card }
}

/** Everything that is known of one thing, with its fix. */
export function drawDetails({ problem, card }: DashboardThing, view: DashboardView, canvas: Canvas): Line[] {
  const now = Date.parse(view.generated_at)
  const name = card?.name ?? problem?.name ?? ''
  const fix = problem?.fix ?? card?.fix ?? null
  const why = card?.warning ?? problem?.reason ?? card?.facts?.reason ?? ''
  const lines = [
    drawHeading(name, canvas, [say(describeState(problem, card), 'faint')]),
    ...(why === '' ? [] : writeSentence(why, uncut(canvas))),
    ...drawFix(fix, uncut(canvas)),
    ...(card?.description ? writeSentence(card.description, uncut(canvas), 'faint') : []),
    ...listFacts({ problem, card }, now, canvas).flatMap(([label, text]) => drawFact(label, text, canvas)),
  ]
  return fitLines(lines, canvas)
}

// Details are what people want to read to their end.
function uncut(canvas: Canvas): Canvas {
  return { ...canvas, isWatched: false }
}

function describeState(problem: DashboardProblem | undefined, card: Card | undefined): string {
  if (problem !== undefined) return problem.status === 'unknown' ? 'unknown' : 'broken'
  if (card?.state === 'off' && card.provider !== null) return 'not set up'
  return card?.state ? stateWords[card.state] : ''
}

type Fact = readonly [label: string, text: string]

function listFacts({ problem, card }: DashboardThing, now: number, { userHome, signs }: Canvas): Fact[] {
  const facts = card?.facts
  const provider = card?.provider
  const blocks = problem === undefined || problem.blocks_count === 0 ? undefined : problem
  const optional: readonly (readonly [label: string, text: string | null | undefined])[] = [
    ['version', facts?.version],
    ['path', facts?.path && toShortPath(facts.path, userHome)],
    ['found by', facts?.evidence],
    ['since', problem?.since && formatAge(now - Date.parse(problem.since))],
    ['blocks', blocks && describeBlocks(blocks)],
    ['provider', provider && describeProvider(provider).join(` ${signs.dot} `)],
    ['models', provider && provider.runtime === undefined ? provider.models.join(', ') : ''],
    ['can', provider?.capabilities.map(word => word.replaceAll('_', ' ')).join(', ')],
    ['ref', card?.subject ?? problem?.ref],
    ['checked', facts && formatAge(now - Date.parse(facts.checked_at))],
  ]
  return [
    ...optional.flatMap(([label, text]): Fact[] => (text ? [[label, text]] : [])),
    ...(provider?.runtime?.models ?? []).map((model): Fact => {
      const about = describeRuntimeModel(model)
      return ['model', about === '' ? model.id : `${model.id} (${about})`]
    }),
    ...(card?.variables ?? []).map(({ name, value }): Fact => {
      return ['variable', value === null ? `${name} is not set` : `${name}=${value}`]
    }),
    ...(provider?.variables ?? []).map((name): Fact => ['variable', name]),
    ...(card?.readings ?? []).map((reading): Fact => {
      const { value, unit } = reading
      return [
        reading.name,
        isKnown(value) ? formatValue(value, unit) : `unknown: ${describeUnknown(reading)}`,
      ]
    }),
  ]
}

function describeBlocks({ blocks, blocks_count: count }: DashboardProblem): string {
  const more = count - blocks.length
  return `${blocks.join(', ')}${more > 0 ? ` and ${renderCount(more, 'other')}` : ''}`
}

const labelColumns = 10

function drawFact(label: string, text: string, canvas: Canvas): Line[] {
  const head = padLine([quoteReading(label, canvas, 'faint'), say(' ')], labelColumns)
  return wrapLine([...head, quoteReading(text, canvas)], uncut(canvas), labelColumns)
}
