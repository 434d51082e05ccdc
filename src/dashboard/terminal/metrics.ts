import { renderCount } from '../../lib/text/format.ts'
import type { Card, DashboardView, Reading, UiComponent } from '../model/dashboard-view.ts'
import { type Canvas, type Line, quoteReading, say } from './canvas.ts'
import {
  describeThreshold,
  describeUnknown,
  drawBar,
  drawSparkline,
  isKnown,
  wholeOf,
  writeReading,
} from './charts.ts'
import { drawHeading, lineWidth, spreadLine, wrapLine, writeSentence } from './layout.ts'

/** Draws what a reading looks like, in so many columns. Undefined where there is nothing to draw. */
export type DrawReading = (reading: Reading, width: number, canvas: Canvas) => Line | undefined

/** How the components of the dashboard registry draw a reading beside its name and value; others are a number. */
export const terminalComponents: Readonly<Partial<Record<UiComponent, DrawReading>>> = {
  gauge_meter: drawGauge,
  sparkline_chart: drawHistory,
}

function drawGauge(reading: Reading, width: number, canvas: Canvas): Line | undefined {
  const whole = wholeOf(reading)
  if (whole === undefined || !isKnown(reading.value)) return undefined
  return drawBar({ ...reading, value: reading.value, whole }, width, canvas)
}

function drawHistory(reading: Reading, width: number, canvas: Canvas): Line | undefined {
  // A single moment is no line yet; of a percentage it is a bar.
  if (reading.history.filter(isKnown).length > 1) return drawSparkline(reading, width, canvas)
  return reading.unit === '%' ? drawGauge(reading, width, canvas) : undefined
}

/** The metrics of this machine. */
export function drawMachine(
  cards: readonly Card[],
  { machine }: Pick<DashboardView, 'machine'>,
  canvas: Canvas,
): Line[] {
  const cores = machine === null ? '' : renderCount(machine.cores, 'core')
  return drawMetricPanel({ title: 'Machine', about: cores, cards }, canvas)
}

interface MetricPanel {
  readonly title: string
  readonly about: string
  readonly cards: readonly Card[]
}

/** Metrics below each other: the first line over time has the width of the panel, the others share theirs with their name. */
export function drawMetricPanel({ title, about, cards }: MetricPanel, canvas: Canvas): Line[] {
  const named = cards.flatMap(card =>
    card.readings.map(reading => ({
      reading,
      name: card.readings.length === 1 ? card.name : reading.name,
      component: card.component,
    })),
  )
  const shown = named.filter(({ reading }) => isKnown(reading.value) || reading.history.some(isKnown))
  const [first, ...others] = shown
  if (first === undefined) return []
  const isLarge = first.component === 'sparkline_chart'
  const rows = isLarge ? others : shown
  const measured = rows.map(row => measureRow(row, canvas))
  const layout = toRowLayout(measured, canvas)
  return [
    drawHeading(title, canvas, about === '' ? [] : [say(about, 'faint')]),
    ...(isLarge ? drawLargeMetric(first, canvas) : []),
    ...measured.flatMap(row => drawRow(row, { ...canvas, ...layout })),
  ]
}

interface NamedReading {
  readonly reading: Reading
  readonly name: string
  readonly component: UiComponent | null
}

/** A name and a value, and the line over time below it. */
export function drawLargeMetric({ reading, name, component }: NamedReading, canvas: Canvas): Line[] {
  const draw = component === null ? undefined : terminalComponents[component]
  const drawing = draw?.(reading, canvas.width, canvas)
  return [
    spreadLine([quoteReading(name, canvas)], writeReading(reading, canvas), canvas),
    ...(drawing === undefined ? [] : [drawing]),
    ...drawUnknown(reading, canvas),
  ]
}

function drawUnknown(reading: Reading, canvas: Canvas): Line[] {
  return isKnown(reading.value) ? [] : writeSentence(describeUnknown(reading), canvas, 'faint', 2)
}

interface RowLayout {
  readonly nameWidth: number
  readonly valueWidth: number
}

/** Most columns of a name that shares a line with its bar. */
const mostNameWidth = 18
const leastBar = 8

/** A row whose ends have been measured. */
interface MeasuredRow extends NamedReading {
  readonly title: Line
  readonly titleWidth: number
  readonly shown: Line
  readonly shownWidth: number
}

function measureRow(row: NamedReading, canvas: Canvas): MeasuredRow {
  const title = [quoteReading(row.name, canvas)]
  const shown = writeReading(row.reading, canvas, false)
  return { ...row, title, titleWidth: lineWidth(title), shown, shownWidth: lineWidth(shown) }
}

function toRowLayout(rows: readonly MeasuredRow[], { width }: Canvas): RowLayout {
  const most = Math.min(mostNameWidth, Math.floor(width / 3))
  return {
    nameWidth: Math.max(0, ...rows.map(row => row.titleWidth).filter(each => each <= most)),
    valueWidth: Math.max(0, ...rows.map(row => row.shownWidth).filter(each => each <= 12)),
  }
}

/** `Memory   41 %  ████████▎░░░░░░░╎░░╎`: with a long name, or in few columns, without the bar. */
function drawRow(row: MeasuredRow, canvas: Canvas & RowLayout): Line[] {
  const { reading, component, title, titleWidth, shown, shownWidth } = row
  const { width, nameWidth, valueWidth } = canvas
  const room = width - nameWidth - valueWidth - 4
  if (titleWidth > nameWidth || shownWidth > valueWidth || room < leastBar) {
    const isWide = titleWidth + shownWidth >= width
    const lines = isWide
      ? wrapLine([...title, say('  '), ...shown], canvas, 2)
      : [spreadLine(title, shown, canvas)]
    return [...lines, ...drawUnknown(reading, canvas)]
  }
  const draw = component === null ? undefined : terminalComponents[component]
  const drawing = draw?.(reading, room, canvas)
  const note = drawing === undefined ? describeThreshold(reading) : ''
  const end = drawing ?? (note === '' ? [] : [quoteReading(note, canvas, 'faint')])
  const gap = say(' '.repeat(nameWidth - titleWidth + valueWidth - shownWidth + 2))
  return [[...title, gap, ...shown, say('  '), ...end], ...drawUnknown(reading, canvas)]
}
