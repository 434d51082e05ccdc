import type { Card, DashboardSection, DashboardView, Reading } from '../model/dashboard-view.ts'
import { formatValue } from '../model/describe.ts'
import type { PlacedCards } from '../model/place-cards.ts'
import { type Canvas, drawItem, type Line, quoteReading, type Span, say, stateTones } from './canvas.ts'
import { isKnown } from './charts.ts'
import { drawNames, flowItems, isNarrow, labelWidth, lineWidth, padLine, wrapLine } from './layout.ts'
import { drawReason } from './problems.ts'
import { drawFolded, isUnchecked } from './providers.ts'

interface ToolsCanvas extends Canvas {
  readonly showsAbsent: boolean
  /** Whether all of it is one line of numbers, where a screen has few rows. */
  readonly isFolded: boolean
}

/** Tools and frameworks: broken ones first, then those that are here side by side; what is absent in one line. */
export function drawTools(
  { tools, gpus, waiting }: Pick<PlacedCards, 'tools' | 'gpus' | 'waiting'>,
  view: DashboardView,
  { showsAbsent, isFolded, ...canvas }: ToolsCanvas,
): Line[] {
  const cards = [
    ...gpus.filter((card, index) => index > 0 || !hasGpuPanel(card, view)),
    ...tools.map(each => each.card),
  ]
  const groups = groupCards(cards)
  if (isFolded) return drawCounts(groups, canvas)
  const said = new Set(view.problems.map(({ ref }) => ref))
  // What stands among the problems is not explained again.
  const isExplained = (card: Card) => card.subject !== null && said.has(card.subject)
  const [known, wrong] = [groups.broken.filter(isExplained), groups.broken.filter(card => !isExplained(card))]
  const named = [...wrong, ...groups.odd].map(card => ({ card, head: drawName(card, canvas) }))
  const nameWidth = Math.max(labelWidth, ...named.map(({ head }) => lineWidth(head) + 1).filter(isShort))
  return [
    ...named.flatMap(({ card, head }) => drawReason(head, describeWrong(card), { ...canvas, nameWidth })),
    ...flowItems(
      [...known, ...groups.here].map(card => drawTool(card, canvas)),
      canvas,
    ),
    ...drawFolded('not checked', groups.unchecked, canvas, false),
    ...drawFolded('not here', groups.absent, canvas, showsAbsent),
    ...waiting.flatMap(section => drawWaiting(section, { ...canvas, showsAbsent })),
  ]
}

/** Whether panels of GPUs say what this card does. */
function hasGpuPanel({ state, readings }: Card, { gpus }: DashboardView): boolean {
  return state === 'on' && (gpus.length > 0 || readings.some(({ value }) => isKnown(value)))
}

interface ToolGroups {
  readonly broken: readonly Card[]
  /** Entries that cannot be shown, and what nobody could tell. */
  readonly odd: readonly Card[]
  readonly here: readonly Card[]
  readonly unchecked: readonly Card[]
  readonly absent: readonly Card[]
}

function groupCards(cards: readonly Card[]): ToolGroups {
  const plain = cards.filter(({ warning }) => warning === null)
  return {
    broken: plain.filter(({ state }) => state === 'broken'),
    odd: cards.filter(card => card.warning !== null || (card.state === 'unknown' && !isUnchecked(card))),
    here: plain.filter(({ state }) => state === 'on' || state === null),
    unchecked: plain.filter(isUnchecked),
    absent: plain.filter(({ state }) => state === 'off'),
  }
}

function isShort(width: number): boolean {
  return width <= 24
}

function drawName(card: Card, canvas: Canvas): Line {
  const { ref, name } = card
  return drawItem(drawSign(card, canvas), { item: ref, name }, canvas)
}

function drawSign({ state, component, warning, has_indicator: isLit }: Card, { signs }: Canvas): Span {
  if (component === null) return say(signs.states.broken, 'bad')
  if (warning !== null) return say(signs.warn, 'warning')
  // Its entry may say that it shows no light.
  if (!isLit || state === null) return say(' ')
  return say(signs.states[state], stateTones[state])
}

function describeWrong({ warning, facts }: Card): string {
  return warning ?? facts?.reason ?? ''
}

/** `✓ Python 3.12.7`, with what its variables and metrics say besides. */
function drawTool(card: Card, canvas: Canvas): Line {
  const { facts, variables, readings } = card
  // The first variable says whether it is here, which its sign does too.
  const others = variables.slice(1).flatMap(({ value }) => (value === null || value === '' ? [] : [value]))
  const more = [...(facts?.version ? [facts.version] : []), ...others, ...readings.flatMap(describeValue)]
  const name = drawName(card, canvas)
  return more.length === 0 ? name : [...name, say(' '), quoteReading(more.join(' '), canvas, 'faint')]
}

function describeValue({ name, value, unit }: Reading): string[] {
  return isKnown(value) ? [`${name} ${formatValue(value, unit)}`] : []
}

function drawCounts({ broken, odd, here, unchecked, absent }: ToolGroups, { signs }: Canvas): Line[] {
  const counts: readonly [count: number, text: string, sign: Span][] = [
    [broken.length, 'broken', say(signs.states.broken, 'bad')],
    [odd.length, 'unclear', say(signs.warn, 'warning')],
    [here.length, 'here', say(signs.states.on, 'good')],
    [unchecked.length, 'not checked', say(signs.states.unknown, 'warning')],
    [absent.length, 'not here', say(signs.states.off, 'faint')],
  ]
  const shown = counts.filter(([count]) => count > 0)
  return [shown.flatMap(([count, text, sign]) => [sign, say(` ${count} ${text}  `)])]
}

/** `· Orchestrator  7 metrics wait for 127.0.0.1:9005`: metrics that never had a value, once for each source. */
function drawWaiting(
  { title, cards }: DashboardSection,
  { showsAbsent, ...canvas }: Canvas & { readonly showsAbsent: boolean },
): Line[] {
  const readings = cards.flatMap(card => card.readings.map(reading => ({ name: card.name, reading })))
  const sources = new Map<string, string[]>()
  for (const { name, reading } of readings) {
    const source = describeSource(reading.reason)
    sources.set(source, [...(sources.get(source) ?? []), name])
  }
  return [...sources].flatMap(([source, names]) => {
    const count = names.length === 1 ? '1 metric waits' : `${names.length} metrics wait`
    const isHost = !source.includes(' ')
    const text = isHost ? `${count} for ${source}` : `${names.join(', ')} unknown: ${source}`
    const label = [say(`${canvas.signs.states.off} `, 'faint'), quoteReading(title, canvas)]
    const line = [...padLine([...label, say('  ')], labelWidth), quoteReading(text, canvas, 'faint')]
    return [
      ...wrapLine(line, canvas, isNarrow(canvas) ? 2 : labelWidth),
      ...(showsAbsent && isHost ? drawNames([say('  ')], names, { ...canvas, isWatched: false }) : []),
    ]
  })
}

/** The host that a metric waits for; its whole reason where it names none. */
function describeSource(reason: string | null): string {
  if (reason === null) return 'nothing was measured yet'
  return /^https?:\/\/([^/\s]+)/.exec(reason)?.[1] ?? reason
}
