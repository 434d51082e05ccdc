import { expect, test } from 'vitest'
import { nextDue } from '../../../src/sync/watch/keep-in-sync.ts'

const at = (fraction: string) => ({ randomName: () => `${fraction}00000000` })

test.each([
  ['a tenth early at the earliest', '00000000', { startedAt: 1000, endedAt: 1500 }, 55_000],
  ['a tenth late at the latest', 'ffffffff', { startedAt: 1000, endedAt: 1500 }, 67_000],
  ['in between otherwise', '7fffffff', { startedAt: 1000, endedAt: 1500 }, 61_000],
  [
    'a tenth after one that took longer than the interval',
    '00000000',
    { startedAt: 0, endedAt: 90_000 },
    96_000,
  ],
])('the next poll is due %s', (_, fraction, times, expected) => {
  expect(Math.round(nextDue({ ...times, intervalMs: 60_000 }, at(fraction)))).toBe(expected)
})
