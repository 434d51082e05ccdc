import type { Card, DashboardView, Reading } from '../../../src/dashboard/model/dashboard-view.ts'
import { type Canvas, chooseSymbols, type Line } from '../../../src/dashboard/terminal/canvas.ts'

const unicode = chooseSymbols({ env: { LANG: 'C.UTF-8' }, platform: 'linux' })
const ascii = chooseSymbols({ env: {}, platform: 'linux' })

/** A canvas as a terminal of that width has it. */
export function canvasOf(width: number, { isAscii = false, isBounded = true } = {}): Canvas {
  return { signs: isAscii ? ascii : unicode, width, isBounded }
}

/** A card on which nothing is told, but for what is said otherwise. */
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
    warning: null,
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
    changes: [],
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

/** The pieces of lines that have a tone, as `tone:text`. */
export function tonesOf(lines: readonly Line[]): string[] {
  return lines
    .flat()
    .flatMap(({ text, tone }) => (tone === 'plain' || text.trim() === '' ? [] : `${tone}:${text.trim()}`))
}
