import { describe, expect, test } from 'vitest'
import { toFraction, toScale } from '../../src/dashboard/model/describe.ts'
import { describeElapsed, toVisibleText } from '../../src/dashboard/web/text/text.ts'

test.each([
  ['plain', 'plain'],
  ['a\u202eb', 'a‹U+202E›b'],
  ['\u200b', '‹U+200B›'],
  ['\u0000\u001b', '‹U+0000›‹U+001B›'],
  ['👩\u200d💻', '👩\u200d💻'],
  ['مرحبا', 'مرحبا'],
  ['\u{e0041}', '‹U+E0041›'],
])('%j is seen as %s', (text, shown) => {
  expect(toVisibleText(text)).toBe(shown)
})

test.each([
  [0, 'just now'],
  [5000, '5 s ago'],
  [120_000, '2 min ago'],
  [7_200_000, '2 h ago'],
  [172_800_000, '2 d ago'],
  [-5000, 'just now'],
])('%d ms ago is %s', (ms, shown) => {
  expect(describeElapsed(1_000_000_000_000 - ms, 1_000_000_000_000)).toBe(shown)
})

test('what is no time is an unknown one', () => {
  expect(describeElapsed('whenever', 0)).toBe('at an unknown time')
})

describe('a scale', () => {
  const nothing = { value: null, history: [], threshold_warning: null, threshold_critical: null }
  test.each([
    ['percents go to 100', { ...nothing, unit: '%', value: 3 }, { least: 0, most: 100 }],
    ['a share goes to 1', { ...nothing, unit: null, value: 0.4 }, { least: 0, most: 1 }],
    [
      'others a little further than they ever went',
      { ...nothing, unit: 'ms', history: [10, null, 100] },
      { least: 0, most: 110.00000000000001 },
    ],
    [
      'thresholds are on it',
      { ...nothing, unit: 'ms', value: 1, threshold_critical: 10 },
      { least: 0, most: 11 },
    ],
    ['what is below nothing is on it', { ...nothing, unit: 'C', value: -5 }, { least: -5, most: 1 }],
  ])('%s', (_, reading, scale) => {
    expect(toScale(reading)).toEqual(scale)
  })

  test('ends at its ends', () => {
    expect([-1, 0, 5, 10, 11].map(value => toFraction(value, { least: 0, most: 10 }))).toEqual([
      0, 0, 0.5, 1, 1,
    ])
  })
})
