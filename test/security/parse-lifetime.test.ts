import { expect, test } from 'vitest'
import { parseLifetime } from '../../src/security/tokens.ts'

const day = 86_400_000

test.each([
  ['30d', 30 * day],
  ['90m', 5_400_000],
  ['12h', day / 2],
  ['8w', 56 * day],
  ['1m', 60_000],
  ['3650d', 3650 * day],
  ['never', null],
])('%s is a time to be good for', (text, ms) => {
  expect(parseLifetime(text)).toBe(ms)
})

test.each([
  '',
  '0d',
  '30',
  'd',
  '-1d',
  '1.5h',
  '1 d',
  '30D',
  '30s',
  '1y',
  '3651d',
  '522w',
  '9999999m',
  'Never',
  '30d ',
  '1e3d',
  'NaNd',
])('%j is none', text => {
  expect(parseLifetime(text)).toBeUndefined()
})
