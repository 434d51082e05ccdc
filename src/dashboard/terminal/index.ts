import {
  type Card,
  evaluateReading,
  isFalling,
  type Reading,
  type ReadingLevel,
  type RuntimeModel,
  type UiComponent,
} from '../model/dashboard-view.ts'
import { describeProvider, describeRuntimeModel, formatNumber, formatValue } from '../model/describe.ts'
import {
  type Canvas,
  type Line,
  quoteReading,
  type Span,
  say,
  type TextTone,
  writeFacts,
  writeSentence,
} from './canvas.ts'
import { drawAbsence, drawHead, fitEnds } from './card-head.ts'

/** All UI components, as text. */
export const terminalComponents: Readonly<Record<UiComponent, (card: Card, canvas: Canvas) => Line[]>> = {
  capability_badge: drawCapabilityBadge,
  gauge_meter: drawGaugeMeter,
  sparkline_chart: drawSparklineChart,
  cluster_status_card: drawClusterStatusCard,
  provider_card: drawProviderCard,
  number_badge: drawNumberBadge,
}

/** Whether something is here: one line, and a sentence below where it is not as it should be. */
function drawCapabilityBadge(card: Card, canvas: Canvas): Line[] {
  const below = drawReadings(card.readings, canvas)
  if (card.state === 'off') return [drawAbsence(card, canvas), ...below]
  return [drawHead(card, drawVersion(card, canvas), canvas), ...drawReason(card, canvas), ...below]
}

/** A cluster: whether it can be worked with, which one it is, and its pods, nodes and memory. */
function drawClusterStatusCard(card: Card, canvas: Canvas): Line[] {
  const { state, variables, readings } = card
  if (state === 'off') return [drawAbsence(card, canvas)]
  // The first variable says whether it is here, which the state does too.
  const others = variables.slice(1).flatMap(({ name, value }) => (value === null ? [] : `${name}=${value}`))
  const drawValue = (reading: Reading) => (wholeOf(reading) === 100 ? drawBar(reading, canvas, 2) : [])
  return [
    drawHead(card, drawVersion(card, canvas), canvas),
    ...drawReason(card, canvas),
    ...writeFacts(others, canvas, 'faint'),
    ...drawReadings(readings, canvas, drawValue),
  ]
}

/** How much of a whole: a bar, the value, and its level in a word. That of a tool has its state, and a bar for each reading. */
function drawGaugeMeter(card: Card, canvas: Canvas): Line[] {
  const reading = findOnlyReading(card)
  if (reading === undefined) return drawTool(card, canvas)
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  if (reading.value === null) return [head, ...writeSentence(reading.reason ?? '', canvas, 'faint')]
  return [head, ...drawBar(reading, canvas)]
}

function drawTool(card: Card, canvas: Canvas): Line[] {
  // Of what is not here nothing is to be measured.
  if (card.state === 'off') return [drawAbsence(card, canvas)]
  const drawValue = (reading: Reading) => drawBar(reading, canvas, 2)
  const readings = drawReadings(card.readings, canvas, drawValue)
  return [drawHead(card, [], canvas), ...drawReason(card, canvas), ...readings]
}

/** A plain number. */
function drawNumberBadge(card: Card, canvas: Canvas): Line[] {
  const reading = findOnlyReading(card)
  if (reading === undefined) return [drawHead(card, [], canvas), ...drawReadings(card.readings, canvas)]
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  return reading.value === null ? [head, ...writeSentence(reading.reason ?? '', canvas, 'faint')] : [head]
}

/** A provider: whether it can be used, its key, whether it answers, its models and what they can do. */
function drawProviderCard(card: Card, canvas: Canvas): Line[] {
  const { provider } = card
  const runtime = provider?.runtime
  if (provider && runtime) return drawRuntime(card, describeProvider(provider), runtime.models, canvas)
  const reason = drawReason(card, canvas)
  return [
    drawHead(card, [], canvas),
    ...(reason.length > 0 || provider === null
      ? reason
      : writeFacts(describeProvider(provider), canvas, 'plain')),
    ...writeFacts(provider?.models ?? [], canvas, 'faint'),
    ...writeFacts(
      (provider?.capabilities ?? []).map(name => name.replaceAll('_', ' ')),
      canvas,
      'faint',
    ),
  ]
}

/** Most models of a local runtime that have a line. */
const mostModels = 6

/** A local runtime: whether it is up, its version, and its models with their sizes. */
function drawRuntime(
  card: Card,
  facts: readonly string[],
  models: readonly RuntimeModel[],
  canvas: Canvas,
): Line[] {
  if (card.state === 'off') return [drawAbsence(card, canvas)]
  const reason = drawReason(card, canvas)
  const more = models.length - mostModels
  return [
    drawHead(card, drawVersion(card, canvas), canvas),
    ...(reason.length > 0 ? reason : writeFacts(facts, canvas, 'plain')),
    ...models.slice(0, mostModels).map(model => drawModel(model, canvas)),
    ...(more > 0 ? [[say(`  ${more} more`, 'faint')]] : []),
  ]
}

function drawModel(model: RuntimeModel, canvas: Canvas): Line {
  const end = describeRuntimeModel(model)
  const tone = model.loaded === true ? 'plain' : 'faint'
  const start = [say('  '), quoteReading(model.id, canvas, tone)]
  return fitEnds(start, end === '' ? [] : [say(end, tone)], canvas)
}

/** A value over time, the newest at the right, each moment in the colour of its level. */
function drawSparklineChart(card: Card, canvas: Canvas): Line[] {
  const reading = findOnlyReading(card)
  if (reading === undefined) {
    const drawValue = (each: Reading) => [drawLine(each, canvas, 2)]
    return [drawHead(card, [], canvas), ...drawReadings(card.readings, canvas, drawValue)]
  }
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  const reason = reading.value === null ? writeSentence(reading.reason ?? '', canvas, 'faint') : []
  const isEmpty = reading.history.every(value => value === null)
  return [head, ...(isEmpty ? [] : [drawLine(reading, canvas, 0)]), ...reason]
}

function drawVersion({ facts }: Card, canvas: Canvas): Line {
  return facts?.version ? [quoteReading(facts.version, canvas, 'faint')] : []
}

function drawReason({ state, facts }: Card, canvas: Canvas): Line[] {
  return state === 'on' || !facts?.reason ? [] : writeSentence(facts.reason, canvas, 'plain')
}

/** The reading of a metric's own card; undefined where a card has several, or belongs to a tool. */
function findOnlyReading({ state, readings }: Card): Reading | undefined {
  return state === null && readings.length === 1 ? readings[0] : undefined
}

function drawLine(reading: Reading, { width, isBounded, signs }: Canvas, indent: number): Line {
  const columns = Math.max(1, (isBounded ? width : 40) - indent)
  const shown = reading.history.slice(-columns)
  const { floor, span } = toScale(reading, shown)
  const bars = shown.map((value): Span => {
    if (value === null) return say(signs.gap, 'faint')
    const step = Math.floor(((value - floor) / span) * signs.heights.length)
    const height = signs.heights[Math.min(signs.heights.length - 1, Math.max(0, step))] ?? ''
    return say(height, levelTones[levelOf(value, reading)])
  })
  const before = say(`${' '.repeat(indent)}${signs.gap.repeat(columns - shown.length)}`, 'faint')
  return joinSpans([before, ...bars])
}

function levelOf(value: number, { threshold_warning: warning, threshold_critical: critical }: Reading) {
  return evaluateReading(value, { warning, critical })
}

/** Shares are drawn to their whole; anything else from nothing to a little above the most that there was. */
function toScale(
  reading: Reading,
  shown: readonly (number | null)[],
): { readonly floor: number; readonly span: number } {
  const values = shown.filter(value => value !== null)
  const floor = Math.min(0, ...values)
  const top = reading.unit === '%' ? (wholeOf(reading) ?? 100) : Math.max(...values) * 1.1
  return { floor, span: top - floor > 0 ? top - floor : 1 }
}

/** Readings of a card as lines of a name and a value; of those without one the reason, once for all that share it. */
function drawReadings(
  readings: readonly Reading[],
  canvas: Canvas,
  drawValue: (reading: Reading, canvas: Canvas) => Line[] = () => [],
): Line[] {
  const known = readings.filter(({ value }) => value !== null)
  const reasons = [...new Set(readings.flatMap(({ reason }) => reason ?? []))]
  return [
    ...known.flatMap(reading => [drawNamed(reading, canvas), ...drawValue(reading, canvas)]),
    ...reasons.flatMap(reason => drawUnknown(reason, readings, canvas)),
  ]
}

function drawNamed(reading: Reading, canvas: Canvas): Line {
  return fitEnds([say('  '), quoteReading(reading.name, canvas)], writeReading(reading, canvas), canvas)
}

function drawUnknown(reason: string, readings: readonly Reading[], canvas: Canvas): Line[] {
  const names = readings.filter(reading => reading.reason === reason).map(({ name }) => name)
  const sign = canvas.signs.levels.unknown
  const title = quoteReading(names.join(', '), canvas)
  return [
    fitEnds([say('  '), title], [say(`${sign} unknown`, 'warning')], canvas),
    ...writeSentence(reason, canvas, 'faint', 4),
  ]
}

/** The whole that a reading is a part of: 100 of a percentage, 1 of a ratio; undefined when nothing says. */
function wholeOf({ unit, value }: Pick<Reading, 'unit' | 'value'>): number | undefined {
  if (unit === '%') return 100
  return unit === null && value !== null && value >= 0 && value <= 1 ? 1 : undefined
}

/** A bar of a share of a whole, with thresholds where it is empty. Nothing where there is no share. */
function drawBar(reading: Reading, canvas: Canvas, indent = 0): Line[] {
  const whole = wholeOf(reading)
  if (whole === undefined || reading.value === null) return []
  const { signs, width, isBounded } = canvas
  const frame = signs.isAscii ? (['[', ']'] as const) : (['', ''] as const)
  const columns = Math.max(1, (isBounded ? width : 40) - indent - frame.join('').length)
  const share = Math.min(1, Math.max(0, reading.value / whole))
  const filled = toFilled(share, columns, canvas)
  return [
    [
      say(`${' '.repeat(indent)}${frame[0]}`, 'faint'),
      ...(filled === '' ? [] : [say(filled, levelTones[reading.level])]),
      ...drawTicks({ start: filled.length, columns, whole }, reading, canvas),
      ...(frame[1] === '' ? [] : [say(frame[1], 'faint')]),
    ],
  ]
}

function toFilled(share: number, columns: number, { signs: { full, eighths } }: Canvas): string {
  const steps = Math.round(share * columns * eighths.length)
  // Something is never nothing.
  const filled = share > 0 ? Math.max(1, steps) : 0
  return `${full.repeat(Math.floor(filled / eighths.length))}${eighths[filled % eighths.length] ?? ''}`
}

function drawTicks(
  { start, columns, whole }: Readonly<Record<'start' | 'columns' | 'whole', number>>,
  reading: Reading,
  { signs }: Canvas,
): Span[] {
  const place = (threshold: number | null) =>
    threshold === null ? -1 : Math.min(columns - 1, Math.floor((threshold / whole) * columns))
  const [warning, critical] = [place(reading.threshold_warning), place(reading.threshold_critical)]
  const spans: Span[] = []
  for (let at = start; at < columns; at += 1) {
    const tick = at === critical ? 'bad' : at === warning ? 'warning' : undefined
    spans.push(tick ? say(signs.tick, tick) : say(signs.empty, 'faint'))
  }
  return joinSpans(spans)
}

/** Pieces of the same tone as one. */
function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last?.tone === span.tone) joined[joined.length - 1] = say(last.text + span.text, span.tone)
    else joined.push(span)
  }
  return joined
}

const levelTones: Readonly<Record<ReadingLevel, TextTone>> = {
  ok: 'good',
  warning: 'warning',
  critical: 'bad',
  unknown: 'warning',
}

/** Value and unit; the level in a word, and from where on it is that, unless all is well. */
function writeReading(reading: Reading, canvas: Canvas): Line {
  const { value, unit, level } = reading
  if (value === null) return [say(`${canvas.signs.levels.unknown} unknown`, levelTones.unknown)]
  const amount = quoteReading(formatValue(value, unit), canvas, 'strong')
  // Where nothing says what is too much, nothing is well either.
  if (reading.threshold_warning === null && reading.threshold_critical === null) return [amount]
  return [amount, say(`  ${canvas.signs.levels[level]} ${writeLevel(reading)}`, levelTones[level])]
}

function writeLevel({ level, threshold_warning: warning, threshold_critical: critical }: Reading): string {
  const threshold = level === 'critical' ? critical : level === 'warning' ? warning : null
  if (threshold === null) return level
  return `${level} ${isFalling({ warning, critical }) ? 'down from' : 'from'} ${formatNumber(threshold)}`
}
