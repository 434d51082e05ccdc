import { createDashboardScreen } from '../../src/cli/dashboard-screen.ts'
import {
  type Card,
  type DashboardView,
  noModels,
  type Reading,
  type UiComponent,
} from '../../src/dashboard/model/dashboard-view.ts'
import { chooseSymbols } from '../../src/dashboard/terminal/canvas.ts'

// Draws a dashboard of `argv[2]` entries, all values of which change, on a screen that holds all of it. Prints how long
// each frame took, and how many bytes one took in which nothing has changed.

const entries = Number(process.argv[2])
const components: readonly UiComponent[] = [
  'sparkline_chart',
  'gauge_meter',
  'number_badge',
  'capability_badge',
]
const written = { bytes: 0 }
const screen = {
  columns: 200,
  rows: 120,
  write: (text: string) => {
    written.bytes += text.length
  },
  close: () => undefined,
}
const signs = chooseSymbols({ env: { LANG: 'C.UTF-8' }, platform: process.platform })
const drawing = createDashboardScreen(screen, { name: '/home/ada/registries', signs, hasColors: true })
drawing.redraw()
const times: number[] = []
for (let round = 0; round < 50; round++) {
  const view = createView(round)
  const start = performance.now()
  drawing.show(view)
  times.push(performance.now() - start)
}
if (written.bytes === 0) throw new Error('nothing was drawn')
written.bytes = 0
drawing.show(createView(49))
console.log(JSON.stringify({ times, unchangedBytes: written.bytes }))

function createView(round: number): DashboardView {
  const cards = Array.from({ length: entries }, (_, index) => createCard(index, round))
  return {
    generated_at: '2026-11-23T08:00:00.000Z',
    sections: [{ id: 'system', title: 'This machine', cards }],
    machine: null,
    gpus: [],
    problems: [],
    models: noModels,
    changes: [],
    changes_last_day: 0,
    hidden: [],
    warnings: [],
  }
}

function createCard(index: number, round: number): Card {
  const component = components[index % components.length] ?? 'number_badge'
  const isTool = component === 'capability_badge'
  return {
    ref: `dashboard/metrics/entry_${index}`,
    subject: null,
    has_indicator: true,
    component,
    name: `Größe ${index} 漢字`,
    icon: '☸️',
    description: null,
    state: isTool ? 'off' : null,
    facts: null,
    variables: [],
    readings: isTool ? [] : [createReading(index, round)],
    provider: null,
    fix: null,
    warning: null,
  }
}

function createReading(index: number, round: number): Reading {
  const values = Array.from({ length: 120 }, (_, at) => ((index + at + round) * 37) % 100)
  return {
    id: `entry_${index}`,
    name: `Entry ${index}`,
    unit: '%',
    value: values.at(-1) ?? null,
    amount: null,
    level: 'ok',
    reason: null,
    read_at: null,
    history: values,
    threshold_warning: 75,
    threshold_critical: 90,
  }
}
