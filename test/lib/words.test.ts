import { expect, test } from 'vitest'
import { formatAge, renderCount, renderDuration } from '../../src/lib/text/format.ts'

test.each([
  [0, '0 ms'],
  [85.4, '85 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [1234, '1.2 s'],
  [9949, '9.9 s'],
  [9951, '10 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [125_000, '2 min 5 s'],
])('%f ms last %s', (ms, text) => {
  expect(renderDuration(ms)).toBe(text)
})

test.each([
  [-5000, 'just now'],
  [999, 'just now'],
  [1000, '1 second ago'],
  [59_999, '59 seconds ago'],
  [180_000, '3 minutes ago'],
  [3_600_000, '1 hour ago'],
  [200_000_000, '2 days ago'],
])('%i ms ago is %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text)
})

test.each([
  [-5000, 'just now'],
  [5000, '5 s ago'],
  [120_000, '2 min ago'],
  [7_200_000, '2 h ago'],
  [172_800_000, '2 d ago'],
])('%i ms ago is %s in short', (ms, text) => {
  expect(formatAge(ms, 'short')).toBe(text)
})

test.each([
  [0, '0 tools'],
  [1, '1 tool'],
  [15, '15 tools'],
])('%i is %s', (count, text) => {
  expect(renderCount(count, 'tool')).toBe(text)
})
