import { formatAge, renderCount } from '../../lib/text/format.ts'
import type { DashboardView } from '../model/dashboard-view.ts'
import { describeUnchecked } from '../model/describe.ts'
import { type Canvas, type Line, quoteReading, type Span, say } from './canvas.ts'
import { drawCommand, lineWidth, spreadLine, writeSentence } from './layout.ts'

/** First line: which machine it is, how many models can be called, what is broken, and how old that is. */
export function drawTitle(view: DashboardView, name: string, canvas: Canvas): Line {
  const { signs } = canvas
  const machine = view.machine?.name || name
  const start: Line = [
    quoteReading(machine, canvas, 'strong'),
    // A machine elsewhere has its address beside its name.
    ...(machine === name || !name.includes('://') ? [] : [say('  '), quoteReading(name, canvas, 'faint')]),
  ]
  const facts = [describeModels(view), describeBroken(view, canvas), describeAge(view, canvas)]
  const shown = facts.filter(each => each !== undefined)
  const join = (spans: readonly Span[]) =>
    spans.flatMap((each, index) => (index === 0 ? [each] : [say(` ${signs.dot} `, 'faint'), each]))
  // In few columns the age leaves first.
  const room = canvas.width - Math.min(lineWidth(start), 12) - 1
  const fitting = shown.findLastIndex((_, index) => lineWidth(join(shown.slice(0, index + 1))) <= room)
  return spreadLine(start, join(shown.slice(0, Math.max(1, fitting + 1))), canvas)
}

function describeModels({ models, hidden }: DashboardView): Span | undefined {
  if (hidden.includes('models') || hidden.includes('providers')) return undefined
  if (models.total === 0) return undefined
  return models.ready === 0 ? say('no model', 'warning') : say(renderCount(models.ready, 'model'))
}

function describeBroken(view: DashboardView, { signs }: Canvas): Span | undefined {
  const broken = countBroken(view)
  return broken === 0 ? undefined : say(`${signs.states.broken} ${broken} broken`, 'bad')
}

// Servers of before have no problems: then cards say it.
function countBroken({ problems, sections }: DashboardView): number {
  if (problems.length > 0) return problems.length
  return sections.flatMap(({ cards }) => cards).filter(({ state }) => state === 'broken').length
}

/** From this age on, what was found may be wrong by now. */
const staleMs = 24 * 60 * 60_000

function describeAge(view: DashboardView, { signs }: Canvas): Span {
  const age = ageOf(view)
  if (age === undefined) return say('never synced', 'warning')
  const text = formatAge(age, 'short')
  return age > staleMs ? say(`${signs.warn} ${text}`, 'warning') : say(text, 'faint')
}

/** How long ago something was checked last; undefined when nothing ever was. */
function ageOf({ sections, generated_at: now }: DashboardView): number | undefined {
  const checked = sections
    .flatMap(({ cards }) => cards)
    .flatMap(({ facts }) => (facts === null ? [] : Date.parse(facts.checked_at)))
  return checked.length === 0 ? undefined : Date.parse(now) - checked.reduce((a, b) => Math.max(a, b))
}

/** What holds for the dashboard as a whole: what cannot be read, what is hidden, what was never checked. */
export function drawState(view: DashboardView, canvas: Canvas): Line[] {
  const { signs } = canvas
  const { sections, warnings, hidden, models } = view
  const isUnchecked = describeUnchecked(view) !== undefined
  const age = ageOf(view)
  const isUnreadable = warnings.some(warning => !warning.startsWith('sign in'))
  const warn = (text: string) => writeSigned(say(`${signs.warn} `, 'warning'), text, canvas)
  return [
    ...warnings.flatMap(text => writeSigned(say(`${signs.states.broken} `, 'bad'), text, canvas)),
    ...(isUnreadable ? [drawCommand('nexus-registry validate', canvas)] : []),
    ...(hidden.length === 0
      ? []
      : warn(`hidden without a token: ${hidden.map(each => each.replaceAll('_', ' ')).join(', ')}`)),
    ...(sections.length === 0 && warnings.length === 0
      ? [[say('the dashboard registry shows nothing', 'faint')]]
      : []),
    ...(isUnchecked
      ? [...warn('nothing has been checked yet'), drawCommand('nexus-registry sync', canvas)]
      : []),
    ...(age !== undefined && age > staleMs
      ? [...warn(`what is here was checked ${formatAge(age)}`), drawCommand('nexus-registry sync', canvas)]
      : []),
    ...(models.total > 0 && models.ready === 0 && !isUnchecked ? drawWays(canvas) : []),
    ...(isWell(view) ? [[say(`${signs.states.on} `, 'good'), say('everything that is set up works')]] : []),
  ]
}

function drawWays(canvas: Canvas): Line[] {
  const sign = say(`${canvas.signs.warn} `, 'warning')
  const text = 'no model can be called: set the key of a provider, or start a local runtime'
  return [...writeSigned(sign, text, canvas), drawCommand('nexus-registry list providers', canvas)]
}

function isWell(view: DashboardView): boolean {
  const { warnings, hidden, models } = view
  const cards = view.sections.flatMap(section => section.cards)
  return (
    countBroken(view) === 0 &&
    warnings.length + hidden.length === 0 &&
    models.ready > 0 &&
    cards.every(({ warning, readings }) => warning === null && readings.every(isHarmless)) &&
    cards.some(({ facts }) => facts !== null)
  )
}

function isHarmless({ level }: { readonly level: string }): boolean {
  return level !== 'critical' && level !== 'warning'
}

function writeSigned(sign: Span, text: string, canvas: Canvas): Line[] {
  const indent = 2
  const lines = writeSentence(text, { ...canvas, width: Math.max(1, canvas.width - indent) })
  return lines.map((line, index) => [index === 0 ? sign : say(' '.repeat(indent)), ...line])
}
