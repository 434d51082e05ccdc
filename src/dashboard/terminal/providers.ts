import { renderCount } from '../../lib/text/format.ts'
import type { Card, DashboardView, ProviderFacts } from '../model/dashboard-view.ts'
import { countDays, soonDays } from '../model/describe.ts'
import { type Canvas, drawItem, type Line, quoteReading, type Span, say, stateTones } from './canvas.ts'
import { drawSparkline, isKnown } from './charts.ts'
import { cutLine, drawNames, isNarrow, lineWidth, padLine, wrapLine, writeSentence } from './layout.ts'
import { drawFix } from './problems.ts'

/** Providers and local runtimes: those that are set up a line each, the others in one line. */
export function drawProviders(
  cards: readonly Card[],
  view: DashboardView,
  { showsAbsent, ...canvas }: Canvas & { readonly showsAbsent: boolean },
): Line[] {
  const isFolded = (card: Card) => card.state === 'off' || isUnchecked(card)
  const shown = cards.filter(card => !isFolded(card))
  const heads = shown.map(card => drawHead(card, canvas))
  const layout = {
    nameWidth: Math.max(0, ...heads.map(lineWidth).filter(width => width <= mostNameWidth)),
    hasHistory: shown.some(({ provider }) => provider?.latency_history.some(isKnown)),
  }
  return [
    ...shown.flatMap((card, index) => drawProvider(card, heads[index] ?? [], view, { ...canvas, ...layout })),
    ...drawFolded('not checked', cards.filter(isUnchecked), canvas, false),
    ...drawFolded(
      'not set up',
      cards.filter(({ state }) => state === 'off'),
      canvas,
      showsAbsent,
    ),
  ]
}

/** A check that never was says nothing about a thing. */
export function isUnchecked({ state, facts, warning }: Card): boolean {
  return state === 'unknown' && facts === null && warning === null
}

/** Things that are not here: named in one line, or each with its reason and its fix. */
export function drawFolded(label: string, cards: readonly Card[], canvas: Canvas, isOpen: boolean): Line[] {
  const { states } = canvas.signs
  const sign = label === 'not checked' ? states.unknown : states.off
  if (!isOpen) {
    const names = cards.map(({ name }) => name)
    return drawNames([say(`${sign} ${label}`, 'faint')], names, canvas)
  }
  return cards.flatMap(card => {
    const head = drawItem(say(sign, 'faint'), { item: card.ref, name: card.name }, canvas)
    const why = card.facts?.reason ?? ''
    const line = why === '' ? head : [...head, say('  '), quoteReading(why, canvas, 'faint')]
    return [...wrapLine(line, canvas, 2), ...drawFix(card.fix, canvas)]
  })
}

/** Most columns of a name with its sign. */
const mostNameWidth = 24

function drawHead(card: Card, canvas: Canvas): Line {
  const { state, provider, ref, name } = card
  const isSilent = state === 'on' && provider?.is_reachable === false
  const sign = isSilent
    ? say(canvas.signs.warn, 'warning')
    : say(canvas.signs.states[state ?? 'unknown'], stateTones[state ?? 'unknown'])
  return drawItem(sign, { item: ref, name }, canvas)
}

interface ProviderLayout {
  readonly nameWidth: number
  readonly hasHistory: boolean
}

const responseWidth = 8
const historyWidth = 10
const countWidth = 10

function drawProvider(card: Card, head: Line, view: DashboardView, canvas: Canvas & ProviderLayout): Line[] {
  const { provider, facts, state } = card
  if (provider === null) return []
  const reason = state === 'on' ? '' : (facts?.reason ?? '')
  const notes = drawRetirements(card, view, canvas)
  const count = say(renderCount(countModels(card, provider, view), 'model'))
  if (reason !== '')
    return [
      ...(toRow(card, provider, [head, []], canvas) ?? wrapLine(head, canvas, 2)),
      ...writeSentence(reason, canvas, 'plain', 2),
    ]
  const [row] = toRow(card, provider, [head, [count]], canvas) ?? []
  const isBeside = row !== undefined && !isNarrow(canvas) && lineWidth(row) + lineWidth(notes) <= canvas.width
  const below = [...(isNarrow(canvas) ? listLoaded(provider, canvas) : []), ...(isBeside ? [] : notes)]
  return [
    ...(row === undefined
      ? wrapLine(
          [...head, say('  '), quoteReading(describeResponse(card, provider), canvas), say('  '), count],
          canvas,
          2,
        )
      : [addNames(row, provider, isBeside ? notes : [], canvas)]),
    ...(below.length === 0 ? [] : wrapLine([say('  '), ...below], canvas, 2)),
  ]
}

/** Name, response time, the last day and number of models in columns; undefined where they do not fit. */
function toRow(
  card: Card,
  provider: ProviderFacts,
  [head, count]: readonly [head: Line, count: Line],
  canvas: Canvas & ProviderLayout,
): [Line] | undefined {
  const { nameWidth, hasHistory, width } = canvas
  const response = alignRight(quoteReading(describeResponse(card, provider), canvas), responseWidth)
  const history = hasHistory && !isNarrow(canvas) ? [say('  '), ...drawLatency(provider, canvas)] : []
  const columns = [say(' '), ...response, ...history, say('  ')]
  const row = [...padLine(head, nameWidth), ...columns, ...padLine(count, countWidth)]
  return lineWidth(head) <= nameWidth && lineWidth(row) <= width ? [row] : undefined
}

/** Where names have no room beside it: what is in memory. */
function listLoaded({ runtime }: ProviderFacts, canvas: Canvas): Line {
  const loaded = (runtime?.models ?? []).filter(model => model.loaded === true).map(({ id }) => id)
  return loaded.length === 0 ? [] : [quoteReading(`${loaded.join(', ')} loaded`, canvas, 'faint')]
}

/** Names of models as far as they fit beside a note, which has the room first. */
function addNames(row: Line, provider: ProviderFacts, notes: Line, canvas: Canvas): Line {
  const { width, signs } = canvas
  const room = width - lineWidth(row) - (notes.length === 0 ? 0 : lineWidth(notes) + 1)
  const names = isNarrow(canvas) ? '' : fitNames(listNames(provider), room, canvas)
  const space = names === '' || notes.length === 0 ? [] : [say(' ')]
  return cutLine([...row, say(names, 'faint'), ...space, ...notes], width, signs.ellipsis)
}

/** `182 ms`, `local`, or a word where no time is known. */
function describeResponse({ state }: Card, provider: ProviderFacts): string {
  const { latency_ms: latency, is_reachable: isReachable, credential, runtime } = provider
  if (state === 'broken') return credential === 'rejected' ? 'rejected' : runtime ? 'down' : 'silent'
  if (state === 'unknown') return 'unknown'
  if (runtime !== undefined) return 'local'
  if (isReachable === false) return 'silent'
  if (isKnown(latency)) return `${Math.round(latency)} ms`
  if (isReachable === true) return 'responds'
  return provider.variables.length === 0 ? 'no key' : 'key set'
}

function drawLatency({ latency_history: history }: ProviderFacts, canvas: Canvas): Line {
  // Two days of half hours have no room: each column is the slowest of its part of the day.
  const size = Math.max(1, Math.ceil(history.length / historyWidth))
  const parts = Array.from({ length: Math.ceil(history.length / size) }, (_, index) => {
    const known = history.slice(index * size, (index + 1) * size).filter(isKnown)
    return known.length === 0 ? null : Math.max(...known)
  })
  const plain = { id: '', name: '', unit: 'ms', amount: null, reason: null, read_at: null } as const
  const thresholds = { threshold_warning: null, threshold_critical: null }
  const reading = { ...plain, ...thresholds, level: 'ok' as const, value: null, history: parts }
  if (!history.some(isKnown)) return [say(' '.repeat(historyWidth))]
  return drawSparkline(reading, historyWidth, canvas)
}

/** How many models can be called through it, or how many the registries have of it. */
function countModels({ subject }: Card, { model_count: count }: ProviderFacts, { models }: DashboardView) {
  return models.through.find(({ ref }) => ref === subject)?.ready ?? count
}

function listNames({ models, runtime }: ProviderFacts): readonly string[] {
  if (runtime === undefined) return models
  return runtime.models.map(({ id, loaded }) => (loaded === true ? `${id} loaded` : id))
}

/** As many whole names as have room. */
function fitNames(names: readonly string[], width: number, canvas: Canvas): string {
  let shown = ''
  for (const name of names) {
    const longer = `${shown}${shown === '' ? '' : ', '}${quoteReading(name, canvas).text}`
    if (lineWidth([say(longer)]) > width) break
    shown = longer
  }
  return shown
}

/** `! 4 retire in 46 d`. */
function drawRetirements({ subject }: Card, view: DashboardView, { signs }: Canvas): Span[] {
  const now = Date.parse(view.generated_at)
  const days = view.models.retiring
    .filter(({ provider }) => `providers/${provider}` === subject)
    .flatMap(({ retires_on: day }) => (day === null ? [] : [countDays(day, now)]))
    .filter(left => left >= 0 && left <= soonDays)
  if (days.length === 0) return []
  const first = Math.min(...days)
  const verb = days.length === 1 ? 'retires' : 'retire'
  const text = days.every(left => left === first) ? `${verb} in` : `${verb}, first in`
  return [say(`${signs.warn} ${days.length} ${text} ${first} d`, 'warning')]
}

function alignRight(span: Span, width: number): Line {
  return [say(' '.repeat(Math.max(0, width - lineWidth([span])))), span]
}
