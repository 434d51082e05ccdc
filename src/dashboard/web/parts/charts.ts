import { html, nothing, svg, type TemplateResult } from 'lit'
import { isFalling, type Reading } from '../../model/dashboard-view.ts'
import { formatValue, type Scale, toFraction, toScale } from '../../model/describe.ts'
import { toVisibleText } from '../text/text.ts'

/** Values that are drawn as a line over time. */
export interface LineChart {
  readonly values: readonly (number | null)[]
  readonly scale: Scale
  /** What the line shows, in a sentence. */
  readonly label: string
  readonly level?: Reading['level'] | undefined
  readonly warning?: number | null
  readonly critical?: number | null
  readonly kind?: string
}

/** A line over time with its last value as a dot. Where there was no value, it has a gap. */
export function renderLine({
  values,
  scale,
  label,
  level,
  warning,
  critical,
  kind = '',
}: LineChart): TemplateResult {
  const points = toPoints(values, scale)
  const last = points.findLast(point => point !== null)
  const mark = (threshold: number | null | undefined, name: string) => {
    if (threshold === null || threshold === undefined) return nothing
    return svg`<path class="mark ${name}" d="M0 ${toHeight(threshold, scale)}H100"></path>`
  }
  return html`<svg class="spark ${kind} ${toTone(level)}" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=${toVisibleText(label)}>
    <path class="grid" d="M0 2H100M0 50H100M0 98H100"></path>
    ${mark(warning, 'warn')}${mark(critical, 'bad')}
    <path class="area" d=${toArea(points)}></path>
    <path class="line" d=${toPath(points)}></path>
    ${last ? svg`<path class="dot" d="M${last.x} ${last.y}h.01"></path>` : nothing}
  </svg>`
}

/** The line of a metric. */
export function renderSparkline(reading: Reading, kind = ''): TemplateResult {
  return renderLine({
    values: reading.history,
    scale: toScale(reading),
    label: describeHistory(reading),
    level: reading.level,
    warning: reading.threshold_warning,
    critical: reading.threshold_critical,
    kind,
  })
}

function toTone(level: Reading['level'] | undefined): string {
  if (level === 'warning') return 'warn'
  return level === 'critical' ? 'bad' : ''
}

/** What a chart shows, for readers who do not see it. */
export function describeHistory({ name, unit, value, history, level }: Reading): string {
  const known = history.filter(each => each !== null)
  if (known.length === 0) return `${name}: nothing was measured yet`
  const now = value === null ? 'not known now' : `now ${formatValue(value, unit)}`
  const range = `from ${formatValue(Math.min(...known), unit)} to ${formatValue(Math.max(...known), unit)}`
  const judged = level === 'warning' || level === 'critical' ? `, ${level}` : ''
  return `${name}: ${now}${judged}; ${range} in the last ${known.length} measurements`
}

interface Point {
  readonly x: number
  readonly y: number
}

/** The newest value is a little left of the edge, where its dot has room. */
const rightmost = 98.4

function toPoints(values: readonly (number | null)[], scale: Scale): readonly (Point | null)[] {
  const step = rightmost / Math.max(1, values.length - 1)
  return values.map((value, index) => {
    if (value === null || !Number.isFinite(value)) return null
    const x = values.length === 1 ? rightmost : round(index * step)
    return { x, y: toHeight(value, scale) }
  })
}

/** Points in a row. */
function listRuns(points: readonly (Point | null)[]): readonly (readonly Point[])[] {
  const runs: Point[][] = [[]]
  for (const point of points) {
    if (point === null) runs.push([])
    else runs.at(-1)?.push(point)
  }
  return runs.filter(run => run.length > 0)
}

function toPath(points: readonly (Point | null)[]): string {
  return listRuns(points)
    .map(run => {
      const line = run.map(({ x, y }) => `${x} ${y}`).join('L')
      // A value alone is a dash.
      return run.length === 1 ? `M${line}h1` : `M${line}`
    })
    .join('')
}

function toArea(points: readonly (Point | null)[]): string {
  return listRuns(points)
    .map(run => {
      const [first, last] = [run[0], run.at(-1)]
      if (first === undefined || last === undefined) return ''
      return `M${run.map(({ x, y }) => `${x} ${y}`).join('L')}L${last.x} 100L${first.x} 100Z`
    })
    .join('')
}

function toHeight(value: number, scale: Scale): number {
  return round(98 - toFraction(value, scale) * 96)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** A bar that says how much of a whole is taken, with ticks at its thresholds. */
export function renderMeter(reading: Reading): TemplateResult | typeof nothing {
  const { name, unit, value, level, threshold_warning: warning, threshold_critical: critical } = reading
  if (value === null || !Number.isFinite(value)) return nothing
  const scale = toScale(reading)
  const says = `${formatValue(value, unit)}${level === 'ok' ? '' : `, ${level}`}`
  const tick = (threshold: number | null) =>
    threshold === null
      ? nothing
      : svg`<rect class="tick" x="${toFraction(threshold, scale) * 100}%" width="1.5" height="100%"></rect>`
  return html`<svg
    class="gauge ${toTone(level)}"
    role="meter"
    aria-label=${toVisibleText(name)}
    aria-valuemin=${scale.least}
    aria-valuemax=${scale.most}
    aria-valuenow=${Math.min(scale.most, Math.max(scale.least, value))}
    aria-valuetext=${toVisibleText(says)}
  >
    <rect class="track" width="100%" height="100%" rx="3"></rect>
    <rect class="fill" width="${toFraction(value, scale) * 100}%" height="100%" rx="3"></rect>
    ${tick(warning)}${tick(critical)}
  </svg>`
}

/** A word for a level that is not as it should be. */
export function describeLevel(reading: Reading): string {
  const { level, threshold_warning: warning, threshold_critical: critical } = reading
  if (level !== 'warning' && level !== 'critical') return ''
  const word = isFalling({ warning, critical }) ? 'low' : 'high'
  return level === 'critical' ? `very ${word}` : word
}
