import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareNumerically } from '../../src/lib/version/versions.ts'

test.each([
  [
    ['3.11.7', '3.9.18', '3.10.13'],
    ['3.9.18', '3.10.13', '3.11.7'],
  ],
  [
    ['3.13.0t', '3.13.0', '3.13'],
    ['3.13', '3.13.0', '3.13.0t'],
  ],
  [
    ['pypy3.10-7.3.9', 'pypy3.10-7.3.12', '2.7.18'],
    ['2.7.18', 'pypy3.10-7.3.9', 'pypy3.10-7.3.12'],
  ],
])('orders %j by the size of their numbers', (given, ordered) => {
  expect([...given].sort(compareNumerically)).toEqual(ordered)
})

test('is an order: whatever the texts, turned around it says the opposite', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0129.a-t') })
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(Math.sign(compareNumerically(left, right))).toBe(
        -Math.sign(compareNumerically(right, left)) || 0,
      )
    }),
  )
})
