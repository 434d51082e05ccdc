import { type Card, evaluateReading, type Reading, type UiComponent } from '../model/dashboard-view.ts'
import { describeProvider } from '../model/describe.ts'
import { drawBar, joinSpans, levelTone, wholeOf, writeReading } from './bar.ts'
import { type Canvas, type Line, quoteReading, type Span, say, writeFacts, writeSentence } from './canvas.ts'
import { drawAbsence, drawHead, fitEnds } from './card-head.ts'

/** Whether something is here: one line, and a sentence below where it is not as it should be. */
function drawCapabilityBadge(card: Card, canvas: Canvas): Line[] {
  const { state, facts, readings } = card
  const below = drawReadings(readings, canvas)
  if (state === 'off') return [drawAbsence(card, canvas), ...below]
  const version = facts?.version ? [quoteReading(facts.version, canvas, 'faint')] : []
  const reason = state === 'on' || !facts?.reason ? [] : writeSentence(facts.reason, canvas, 'plain')
  return [drawHead(card, version, canvas), ...reason, ...below]
}

/** A cluster: whether it can be worked with, which one it is, and its pods, nodes and memory. */
function drawClusterStatusCard(card: Card, canvas: Canvas): Line[] {
  const { state, facts, variables, readings } = card
  if (state === 'off') return [drawAbsence(card, canvas)]
  const version = facts?.version ? [quoteReading(facts.version, canvas, 'faint')] : []
  const reason = state === 'on' || !facts?.reason ? [] : writeSentence(facts.reason, canvas, 'plain')
  // The first variable says whether it is here, which the state does too.
  const others = variables.slice(1).flatMap(({ name, value }) => (value === null ? [] : `${name}=${value}`))
  const drawValue = (reading: Reading) => (wholeOf(reading) === 100 ? drawBar(reading, canvas, 2) : [])
  return [
    drawHead(card, version, canvas),
    ...reason,
    ...writeFacts(others, canvas, 'faint'),
    ...drawReadings(readings, canvas, drawValue),
  ]
}

/** How much of a whole: a bar, the value, and its level in a word. That of a tool has its state, and a bar for each reading. */
function drawGaugeMeter(card: Card, canvas: Canvas): Line[] {
  const [reading] = card.readings
  if (card.state !== null || card.readings.length > 1 || reading === undefined) return drawTool(card, canvas)
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  if (reading.value === null) return [head, ...writeSentence(reading.reason ?? '', canvas, 'faint')]
  return [head, ...drawBar(reading, canvas)]
}

function drawTool(card: Card, canvas: Canvas): Line[] {
  const { state, facts, readings } = card
  // Of what is not here nothing is to be measured.
  if (state === 'off') return [drawAbsence(card, canvas)]
  const reason = state === 'on' || !facts?.reason ? [] : writeSentence(facts.reason, canvas, 'plain')
  const drawValue = (reading: Reading) => drawBar(reading, canvas, 2)
  return [drawHead(card, [], canvas), ...reason, ...drawReadings(readings, canvas, drawValue)]
}

/** A plain number. */
function drawNumberBadge(card: Card, canvas: Canvas): Line[] {
  const [reading] = card.readings
  if (card.state !== null || card.readings.length > 1 || reading === undefined) {
    return [drawHead(card, [], canvas), ...drawReadings(card.readings, canvas)]
  }
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  return reading.value === null ? [head, ...writeSentence(reading.reason ?? '', canvas, 'faint')] : [head]
}

/** A provider: whether it can be used, its key, whether it answers, its models and what they can do. */
function drawProviderCard(card: Card, canvas: Canvas): Line[] {
  const { provider, facts, state } = card
  const reason = state !== 'on' && facts?.reason ? writeSentence(facts.reason, canvas, 'plain') : []
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

/** A value over time, the newest at the right, each moment in the colour of its level. */
function drawSparklineChart(card: Card, canvas: Canvas): Line[] {
  const [reading] = card.readings
  if (card.state !== null || card.readings.length > 1 || reading === undefined) {
    const drawValue = (each: Reading) => [drawLine(each, canvas, 2)]
    return [drawHead(card, [], canvas), ...drawReadings(card.readings, canvas, drawValue)]
  }
  const head = drawHead(card, writeReading(reading, canvas), canvas)
  const reason = reading.value === null ? writeSentence(reading.reason ?? '', canvas, 'faint') : []
  const isEmpty = reading.history.every(value => value === null)
  return [head, ...(isEmpty ? [] : [drawLine(reading, canvas, 0)]), ...reason]
}

function drawLine(reading: Reading, { width, isBounded, signs }: Canvas, indent: number): Line {
  const columns = Math.max(1, (isBounded ? width : 40) - indent)
  const shown = reading.history.slice(-columns)
  const { floor, span } = toScale(reading, shown)
  const bars = shown.map((value): Span => {
    if (value === null) return say(signs.gap, 'faint')
    const step = Math.floor(((value - floor) / span) * signs.heights.length)
    const height = signs.heights[Math.min(signs.heights.length - 1, Math.max(0, step))] ?? ''
    return say(height, levelTone(levelOf(value, reading)))
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
  drawValue: (reading: Reading, canvas: Canvas) => Line[] = drawNothing,
): Line[] {
  const known = readings.filter(({ value }) => value !== null)
  const reasons = [...new Set(readings.flatMap(({ reason }) => reason ?? []))]
  return [
    ...known.flatMap(reading => [drawNamed(reading, canvas), ...drawValue(reading, canvas)]),
    ...reasons.flatMap(reason => drawUnknown(reason, readings, canvas)),
  ]
}

function drawNothing(): Line[] {
  return []
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

/** All UI components, as text. */
export const terminalComponents: Readonly<Record<UiComponent, (card: Card, canvas: Canvas) => Line[]>> = {
  capability_badge: drawCapabilityBadge,
  gauge_meter: drawGaugeMeter,
  sparkline_chart: drawSparklineChart,
  cluster_status_card: drawClusterStatusCard,
  provider_card: drawProviderCard,
  number_badge: drawNumberBadge,
}
