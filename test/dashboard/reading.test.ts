import { expect, test } from 'vitest'
import { evaluateReading } from '../../src/dashboard/model/dashboard-view.ts'

const rows: [value: number | null, warning: number | null, critical: number | null, level: string][] = [
  [null, 75, 90, 'unknown'],
  [74.9, 75, 90, 'ok'],
  [75, 75, 90, 'warning'],
  [90, 75, 90, 'critical'],
  [100, null, null, 'ok'],
  [5, null, 5, 'critical'],
  [11, 10, 5, 'ok'],
  [10, 10, 5, 'warning'],
  [5, 10, 5, 'critical'],
]
test.each(rows)('%s with a warning at %s and critical at %s is %s', (value, warning, critical, level) => {
  expect(evaluateReading(value, { warning, critical })).toBe(level)
})
