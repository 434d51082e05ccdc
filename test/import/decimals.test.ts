import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shiftDecimal, toDecimalText, toPrice, toTokens } from '../../src/import/source-values.ts'

/** A decimal number: its digits, and how many of them are after the point. */
interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

const decimals = fc.record<Decimal>({
  digits: fc.bigInt({ min: 0n, max: 999_999_999_999n }),
  scale: fc.integer({ min: 0, max: 14 }),
})
const places = fc.constantFrom(3, -3)

/** The decimal without an exponent. */
function toPlainText({ digits, scale }: Decimal): string {
  const text = String(digits).padStart(scale + 1, '0')
  return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** The ways in which sources write a decimal. */
function toTexts(decimal: Decimal): string[] {
  const { digits, scale } = decimal
  const plain = toPlainText(decimal)
  return [plain, plain.replace(/^0\./, '.'), `${digits}e-${scale}`, `${digits}.0E-${scale}`, `0${plain}`]
}

/** The decimal with its point moved, in whole numbers. */
function shiftExactly({ digits, scale }: Decimal, by: number): Decimal {
  const moved = scale - by
  return moved < 0 ? { digits: digits * 10n ** BigInt(-moved), scale: 0 } : { digits, scale: moved }
}

const strings = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...'0123456789.eE+- ') }),
  fc.constantFrom('', '.', 'e', '-', '1e', '1e999', '-0', '0x10', 'Infinity', 'NaN', '1_000', '١'),
)

describe('a price', () => {
  test('is converted as exact decimal arithmetic does, however it is written', () => {
    fc.assert(
      fc.property(decimals, places, (decimal, by) => {
        const exact = Number(toPlainText(shiftExactly(decimal, by)))
        for (const text of toTexts(decimal)) {
          expect(shiftDecimal(text, by)).toBe(exact)
          expect(toPrice(text, by)).toBe(exact)
        }
        expect(toPrice(Number(toPlainText(decimal)), by)).toBe(exact)
      }),
    )
  })

  test('is the same after it was converted there and back', () => {
    fc.assert(
      fc.property(decimals, places, (decimal, by) => {
        const price = Number(toPlainText(decimal))
        expect(shiftDecimal(String(shiftDecimal(String(price), by)), -by)).toBe(price)
      }),
    )
  })

  test('is a number from 0 on or none, for any text', () => {
    fc.assert(
      fc.property(strings, places, (text, by) => {
        const price = toPrice(text, by)
        expect(price === undefined || (price >= 0 && price < Number.POSITIVE_INFINITY)).toBe(true)
        expect(typeof shiftDecimal(text, by)).toBe('number')
      }),
    )
  })

  test.each<[unknown, number, number | undefined]>([
    [0.13, -3, 0.00013],
    ['0.13', -3, 0.00013],
    [0.29, -3, 0.00029],
    [2e-7, 3, 0.0002],
    ['2e-07', 3, 0.0002],
    ['0.000000175', 3, 0.000175],
    [3.75e-6, 3, 0.00375],
    [1e-6 * 1.1, 3, 0.0011],
    [0.1 + 0.2, -3, 0.0003],
    ['0.00000019999999999999998', 3, 0.0002],
    ['600.000000000000000000', -3, 0.6],
    [0, 3, 0],
    ['0', 3, 0],
    ['-1', 3, undefined],
    [-1, 3, undefined],
    ['1e400', 3, undefined],
    [`0.${'1'.repeat(100)}`, 3, undefined],
    [Number.NaN, 3, undefined],
    ['1,5', 3, undefined],
    ['$4', 3, undefined],
    ['', 3, undefined],
    [null, 3, undefined],
    [true, 3, undefined],
    [[1], 3, undefined],
  ])('%j moved by %i is %j', (value, by, price) => {
    expect(toPrice(value, by)).toBe(price)
  })
})

describe('a count of tokens', () => {
  test.each<[unknown, number | undefined]>([
    [128_000, 128_000],
    ['128000', 128_000],
    ['2000000.0', 2_000_000],
    ['1e6', 1_000_000],
    [0, undefined],
    [-1, undefined],
    [1.5, undefined],
    ['128k', undefined],
    [1e300, undefined],
    [null, undefined],
  ])('%j is read as %j', (value, count) => {
    expect(toTokens(value)).toBe(count)
  })

  test('is a whole number above 0 or none, for any text', () => {
    fc.assert(
      fc.property(strings, text => {
        const count = toTokens(text)
        expect(count === undefined || (Number.isSafeInteger(count) && count > 0)).toBe(true)
        expect(count === undefined || toDecimalText(text) !== undefined).toBe(true)
      }),
    )
  })
})
