import {
  type Card,
  type DashboardView,
  evaluateReading,
  type GpuReading,
  type Reading,
} from '../model/dashboard-view.ts'
import { formatGibibytes, formatNumber } from '../model/describe.ts'
import { type Canvas, type Line, quoteReading, type Span, say } from './canvas.ts'
import { drawBar, isKnown } from './charts.ts'
import { drawHeading, spreadLine, writeSentence } from './layout.ts'
import { drawMetricPanel, terminalComponents } from './metrics.ts'

/** A panel for each GPU: whether it can take a model, who holds its memory, how busy it is. */
export function drawGpus(cards: readonly Card[], view: DashboardView, canvas: Canvas): Line[][] {
  // What is not here stands with the tools that are not here.
  const [card] = cards.filter(({ state }) => state !== 'off')
  if (view.gpus.length === 0) return card === undefined ? [] : drawReadings(card, canvas)
  const readings = cards.flatMap(each => each.readings)
  const holders = view.gpus.length === 1 ? listHolders(view) : []
  return view.gpus.map((gpu, index) => {
    // Whose it is, its name says without that of its maker.
    const name = gpu.name?.replace(/^(?:NVIDIA|AMD|Intel)(?: GeForce)? (?=\S)/, '') ?? card?.name ?? 'GPU'
    const title = view.gpus.length === 1 ? name : `${index} ${name}`
    return drawGpu(gpu, { title, holders, memory: findReading(readings, 'gpu_memory_percent') }, canvas)
  })
}

/** A GPU of which only metrics are known, as servers of before send it. */
function drawReadings(card: Card, canvas: Canvas): Line[][] {
  if (!card.readings.some(({ value }) => isKnown(value))) return []
  return [drawMetricPanel({ title: card.name, about: '', cards: [card] }, canvas)]
}

function findReading(readings: readonly Reading[], id: string): Reading | undefined {
  return readings.find(reading => reading.id === id)
}

interface GpuPanel {
  readonly title: string
  readonly holders: readonly Holder[]
  /** The metric of its memory, which has thresholds. */
  readonly memory: Reading | undefined
}

function drawGpu(gpu: GpuReading, panel: GpuPanel, canvas: Canvas): Line[] {
  const { utilization, history, reason } = gpu
  return [
    drawHeading(panel.title, canvas, describeHeat(gpu, canvas)),
    ...(reason === null ? [] : writeSentence(reason, canvas, 'faint')),
    ...drawMemory(gpu, panel, canvas),
    ...(isKnown(utilization)
      ? [
          spreadLine([say('Utilization')], [say(`${formatNumber(utilization)} %`, 'strong')], canvas),
          drawUtilization({ ...bare, value: utilization, history }, canvas),
        ]
      : []),
  ]
}

function drawUtilization(reading: Reading, canvas: Canvas): Line {
  return terminalComponents.sparkline_chart?.(reading, canvas.width, canvas) ?? []
}

/** What a line over time needs besides its values. */
const bare: Reading = {
  id: 'gpu_utilization',
  name: 'Utilization',
  unit: '%',
  value: null,
  amount: null,
  level: 'ok',
  reason: null,
  read_at: null,
  history: [],
  threshold_warning: null,
  threshold_critical: null,
}

/** `61 °C · 187 W`; a word where nothing is measured: a GPU that sleeps is not woken, and has no zeros. */
function describeHeat(
  { temperature_c: temperature, power_w: power, reason }: GpuReading,
  { signs }: Canvas,
): Span[] {
  if (reason !== null) {
    const word = /\basleep\b/.test(reason) ? 'asleep' : /kernel|respond/.test(reason) ? 'stuck' : 'unknown'
    return [say(word, 'warning')]
  }
  const facts = [
    ...(isKnown(temperature) ? [`${Math.round(temperature)} ${signs.isAscii ? 'C' : '°C'}`] : []),
    ...(isKnown(power) ? [`${Math.round(power)} W`] : []),
  ]
  return facts.length === 0 ? [] : [say(facts.join(` ${signs.dot} `), 'faint')]
}

function drawMemory(gpu: GpuReading, { holders, memory }: GpuPanel, canvas: Canvas): Line[] {
  const { memory_total_bytes: total, memory_used_bytes: used } = gpu
  if (!isKnown(total) || !isKnown(used) || total <= 0) return []
  const percent = Math.round((used / total) * 100)
  const free = formatGibibytes(Math.max(0, total - used))
  const known = holders.slice(0, mostHolders)
  const held = known.reduce((sum, { bytes }) => sum + bytes, 0)
  // What a runtime says and what the driver counts differ a little.
  const isExact = held <= used
  const thresholds = {
    warning: memory?.threshold_warning ?? null,
    critical: memory?.threshold_critical ?? null,
  }
  const bar = {
    value: used,
    whole: total,
    level: evaluateReading(percent, thresholds),
    threshold_warning: toBytes(thresholds.warning, total),
    threshold_critical: toBytes(thresholds.critical, total),
    other: held > 0 && isExact ? used - held : 0,
  }
  return [
    spreadLine(
      [say('VRAM  '), say(`${free} GiB free`, 'strong'), say(` of ${formatGibibytes(total)}`)],
      [say(`${percent} %`, 'strong')],
      canvas,
    ),
    drawBar(bar, canvas.width, canvas),
    ...(held > 0 && isExact ? [drawHolders(known, used - held, canvas)] : []),
  ]
}

function toBytes(percent: number | null, total: number): number | null {
  return percent === null ? null : (percent / 100) * total
}

/** Models that hold memory of GPUs, the largest first. */
interface Holder {
  readonly name: string
  readonly bytes: number
}

/** Most models that are named beside the memory that they take. */
const mostHolders = 3

function listHolders({ sections }: DashboardView): readonly Holder[] {
  return sections
    .flatMap(({ cards }) => cards.flatMap(({ provider }) => provider?.runtime?.models ?? []))
    .flatMap(({ id, vram_bytes: bytes }) => (bytes === null || bytes <= 0 ? [] : [{ name: id, bytes }]))
    .sort((left, right) => right.bytes - left.bytes)
}

/** `qwen3:14b 10.1 · other 0.7`, the names as far as they fit. */
function drawHolders(holders: readonly Holder[], other: number, canvas: Canvas): Line {
  const parts = [
    ...holders.map(({ name, bytes }) => `${name} ${formatGibibytes(bytes)}`),
    ...(other > 0 ? [`other ${formatGibibytes(other)}`] : []),
  ]
  return spreadLine([quoteReading(parts.join(` ${canvas.signs.dot} `), canvas, 'faint')], [], canvas)
}
