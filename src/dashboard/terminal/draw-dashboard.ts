import type { Style } from '../../lib/terminal/style.ts'
import type { DashboardSection, DashboardView } from '../model/dashboard-view.ts'
import { hasValue, type PlacedCards, placeCards } from '../model/place-cards.ts'
import type { Canvas, Line, TextTone } from './canvas.ts'
import { drawChanges } from './changes.ts'
import { drawGpus } from './gpu.ts'
import { drawState, drawTitle } from './headline.ts'
import { drawHeading, fitLines, placePanels, toColumns } from './layout.ts'
import { drawMachine, drawMetricPanel } from './metrics.ts'
import { drawProblems } from './problems.ts'
import { drawProviders } from './providers.ts'
import { drawTools } from './tools.ts'

/** A dashboard as text, to be printed once: all of it, and nothing is cut. */
export function renderDashboard(
  view: DashboardView,
  name: string,
  { canvas, style }: { readonly canvas: Canvas; readonly style: Style },
): string {
  const paint = toPaint(style)
  const lines = [drawTitle(view, name, canvas), ...drawDashboard(view, canvas)]
  return lines.map(line => renderLine(line, paint)).join('\n')
}

function renderLine(line: Line, paint: ReturnType<typeof toPaint>): string {
  const text = line.map(({ text: each, tone }) => (each.trim() === '' ? each : paint[tone](each))).join('')
  return text.trimEnd()
}

function toPaint(style: Style): Readonly<Record<TextTone, (text: string) => string>> {
  return {
    plain: text => text,
    strong: style.bold,
    faint: style.dim,
    good: style.green,
    warning: style.yellow,
    bad: style.red,
    command: style.cyan,
    chosen: style.bold,
  }
}

interface DrawOptions {
  /** Rows that there are; undefined where there is no end. */
  readonly rows?: number | undefined
  /** Whether each thing that is not here has lines of its own. */
  readonly showsAbsent?: boolean
}

/** Everything below the title: what is broken, what runs, what is here, what has changed. */
export function drawDashboard(view: DashboardView, canvas: Canvas, options: DrawOptions = {}): Line[] {
  const lines = drawParts(view, canvas, options)
  // A screen ends where it ends.
  return canvas.isWatched ? lines : fitLines(lines, canvas)
}

function drawParts(
  view: DashboardView,
  canvas: Canvas,
  { rows = Number.POSITIVE_INFINITY, showsAbsent = false }: DrawOptions,
): Line[] {
  const placed = placeCards(view)
  const parts = { ...placed, waiting: listWaiting(placed) }
  const top = [...drawState(view, canvas), ...drawProblems(view, canvas)]
  const panels = drawPanels(placed, view, canvas)
  const providers = drawProviders(placed.providers, view, { ...canvas, showsAbsent })
  const toTools = (isFolded: boolean) =>
    toPart('Tools and frameworks', drawTools(parts, view, { ...canvas, showsAbsent, isFolded }), canvas)
  const first = [
    ...(top.length === 0 ? [] : [[], ...top]),
    [],
    ...panels,
    ...toPart('Providers and runtimes', providers, canvas),
  ]
  const tools = toTools(false)
  const changes = toPart('Changes since yesterday', drawChanges(view, canvas), canvas)
  const all = [...first, ...tools, ...changes]
  // Where rows are few, what has changed leaves first.
  if (all.length <= rows || showsAbsent) return all
  return first.length + tools.length <= rows ? [...first, ...tools] : [...first, ...toTools(true)]
}

function toPart(title: string, lines: readonly Line[], canvas: Canvas): Line[] {
  return lines.length === 0 ? [] : [drawHeading(title, canvas), ...lines]
}

/** GPUs, the machine, and other metrics: side by side where there is room. */
function drawPanels(placed: PlacedCards, view: DashboardView, canvas: Canvas): Line[] {
  const draw = (width: number): Line[][] => {
    const own = { ...canvas, width }
    return [
      ...drawGpus(placed.gpus, view, own),
      drawMachine(placed.machine, view, own),
      ...placed.metrics.map(({ title, cards }) => drawMetricPanel({ title, about: '', cards }, own)),
    ].filter(panel => panel.length > 0)
  }
  const count = listPanels(placed, view)
  const columns = toColumns(count, canvas)
  const panels = draw(columns.width).map(panel =>
    columns.count === 1 ? panel : fitLines(panel, { ...canvas, width: columns.width }),
  )
  return placePanels(panels, columns)
}

/** How many panels there are at most. */
function listPanels({ gpus, machine, metrics }: PlacedCards, view: DashboardView): number {
  const shown = gpus.some(({ state }) => state !== 'off' && state !== null)
  const own = view.gpus.length > 0 ? view.gpus.length : shown && hasValue(gpus) ? 1 : 0
  return own + (hasValue(machine) ? 1 : 0) + metrics.length
}

/** Metrics that never had a value: those of whole sections, and those beside others that have one. */
function listWaiting({ machine, metrics, waiting }: PlacedCards): DashboardSection[] {
  const sections = [{ id: 'system', title: 'Machine', cards: machine }, ...metrics]
  const silent = sections
    .map(section => ({ ...section, cards: section.cards.filter(card => !hasValue([card])) }))
    .filter(({ cards }) => cards.length > 0)
  return [...silent, ...waiting]
}
