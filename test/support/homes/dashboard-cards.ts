import {
  type Card,
  type DashboardView,
  noModels,
  type ProviderFacts,
  type Reading,
} from '../../../src/dashboard/model/dashboard-view.ts'
import { type Canvas, chooseSymbols, type Line } from '../../../src/dashboard/terminal/canvas.ts'

const unicode = chooseSymbols({ env: { LANG: 'C.UTF-8' }, platform: 'linux' })
const ascii = chooseSymbols({ env: {}, platform: 'linux' })

/** A canvas as a terminal of that width has it. */
export function canvasOf(width: number, { isAscii = false, isWatched = false, chosen = '' } = {}): Canvas {
  return { signs: isAscii ? ascii : unicode, width, isWatched, chosen }
}

/** A card of which nothing is known, but for what is said otherwise. */
export function cardOf(more: Partial<Card> = {}): Card {
  return {
    ref: 'dashboard/tools/some',
    subject: null,
    has_indicator: true,
    component: 'capability_badge',
    name: 'Some',
    icon: null,
    description: null,
    state: null,
    facts: null,
    variables: [],
    readings: [],
    provider: null,
    fix: null,
    warning: null,
    ...more,
  }
}

/** A metric of the machine. */
export function metricCardOf(id: string, more: Partial<Card> = {}, reading: Partial<Reading> = {}): Card {
  return cardOf({
    ref: `dashboard/metrics/${id}`,
    name: id,
    readings: [readingOf({ id, name: id, ...reading })],
    ...more,
  })
}

/** A provider whose key is set, but for what is said otherwise. */
export function providerOf(more: Partial<ProviderFacts> = {}): ProviderFacts {
  return {
    is_key_set: true,
    is_reachable: true,
    latency_ms: 182.4,
    latency_history: [],
    variables: ['SOME_API_KEY'],
    model_count: 2,
    is_health_checked: true,
    status_endpoint: null,
    models: ['large', 'small'],
    capabilities: [],
    ...more,
  }
}

/** Facts of a card. */
export function factsOf(reason: string | null, version: string | null = null): NonNullable<Card['facts']> {
  return { version, path: null, evidence: null, reason, checked_at: '2026-11-23T08:00:00.000Z' }
}

/** A percentage, but for what is said otherwise. */
export function readingOf(more: Partial<Reading> = {}): Reading {
  const value = more.value === undefined ? 50 : more.value
  return {
    id: 'some',
    name: 'Some',
    unit: '%',
    value,
    amount: null,
    level: value === null ? 'unknown' : 'ok',
    reason: value === null ? 'nobody knows' : null,
    read_at: null,
    history: [value],
    threshold_warning: null,
    threshold_critical: null,
    ...more,
  }
}

/** A dashboard of one section. */
export function viewOf(cards: readonly Card[], more: Partial<DashboardView> = {}): DashboardView {
  return {
    generated_at: '2026-11-23T08:02:00.000Z',
    sections: [{ id: 'some', title: 'Things', cards }],
    problems: [],
    models: noModels,
    machine: null,
    gpus: [],
    changes: [],
    changes_last_day: 0,
    hidden: [],
    warnings: [],
    ...more,
  }
}

/** Text of lines, without what nobody sees at their ends. */
export function textOf(lines: readonly Line[]): string[] {
  return lines.map(line => toText(line).trimEnd())
}

function toText(line: Line): string {
  return line.map(({ text }) => text).join('')
}
