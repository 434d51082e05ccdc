import { expect, test } from 'vitest'
import { createDashboardScreen } from '../../src/cli/dashboard-screen.ts'
import { NexusError } from '../../src/lib/errors.ts'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import { canvasOf, cardOf, readingOf, viewOf } from '../support/homes/dashboard-cards.ts'
import { createEmulatedScreen } from '../support/terminal/emulated-screen.ts'

function open(columns = 60, rows = 8) {
  const emulated = createEmulatedScreen(columns, rows)
  const writes: string[] = []
  const write = (text: string) => {
    writes.push(text)
    emulated.write(text)
  }
  const screen = { columns, rows, write, close: () => undefined }
  const drawing = createDashboardScreen(screen, { name: '/home', signs: canvasOf(1).signs, hasColors: true })
  drawing.redraw()
  return { drawing, writes, rows: emulated.rows }
}

const gauge = (value: number) =>
  viewOf([cardOf({ component: 'gauge_meter', name: 'CPU', readings: [readingOf({ value })] })])

test('what stays the same is not written again', () => {
  const { drawing, writes } = open()
  drawing.show(gauge(50))
  const before = writes.length
  drawing.show(gauge(50))
  drawing.press('up')
  expect(writes).toHaveLength(before)
  drawing.show(gauge(51))
  expect(withoutEscapes(writes.at(-1) ?? '')).toBe('1▋')
})

test('what was seen last stays, with since when there is nothing newer', () => {
  const { drawing, rows } = open(80)
  drawing.show(gauge(50))
  const error = new NexusError('input', 'nobody answers')
  drawing.showError(error, new Date(2026, 10, 23, 7, 8, 9).getTime())
  drawing.showError(error, new Date(2026, 10, 23, 9, 0, 0).getTime())
  expect(rows().at(-1)).toBe('✗ not reachable since 07:08:09: nobody answers')
  expect(rows().join('\n')).toContain('CPU')
  drawing.show(gauge(50))
  expect(rows().at(-1)).toMatch(/^q quit .* live/)
})

test('without anything to show trouble is an error', () => {
  const error = new NexusError('input', 'nobody answers')
  expect(() => open().drawing.showError(error, 0)).toThrow(error)
})

test('a screen of one row shows what it can', () => {
  const { drawing, rows } = open(10, 1)
  drawing.show(gauge(50))
  expect(rows()).toHaveLength(1)
})
