import type { Style } from '../../lib/terminal/style.ts'
import type { DashboardView } from '../model/dashboard-view.ts'
import type { Canvas } from './canvas.ts'
import { drawDashboard, drawTitle } from './draw-dashboard.ts'
import type { Line, Tone } from './line.ts'

/** A dashboard as text, to be printed once. */
export function renderDashboard(
  view: DashboardView,
  name: string,
  { canvas, style }: { readonly canvas: Canvas; readonly style: Style },
): string {
  const lines = [drawTitle(view, name, canvas), ...drawDashboard(view, canvas)]
  return lines.map(line => renderLine(line, style)).join('\n')
}

function renderLine(line: Line, style: Style): string {
  const paint = toPaint(style)
  const text = line.map(({ text: each, tone }) => (each.trim() === '' ? each : paint[tone](each))).join('')
  return text.trimEnd()
}

function toPaint(style: Style): Readonly<Record<Tone, (text: string) => string>> {
  return {
    plain: text => text,
    strong: style.bold,
    faint: style.dim,
    good: style.green,
    warning: style.yellow,
    bad: style.red,
    accent: text => style.bold(style.cyan(text)),
  }
}
