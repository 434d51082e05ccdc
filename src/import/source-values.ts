import { isJsonObject } from '../lib/json/json-value.ts'
import { toCleanText } from '../lib/text/text.ts'

/** Most digits that a double keeps. A number with more of them is the result of somebody's arithmetic, not a price. */
const exactDigits = 15
const decimalPattern = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i

/**
 * The decimal text of a number, or of a text that is one: `2e-7`, `0.0000025`. Undefined for anything else, like prose.
 * JavaScript prints the shortest text that reads back as the same number, so it is the text of the source.
 */
export function toDecimalText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  const text = typeof value === 'string' ? value.trim() : ''
  return text.length <= 64 && decimalPattern.test(text) ? text : undefined
}

/**
 * The number with its decimal point moved, without arithmetic on doubles: `0.13 / 1000` is 0.00013000000000000002, and
 * `0.13e-3` is read as 0.00013. A text with more digits than a double keeps is rounded to 12 of them.
 */
export function shiftDecimal(text: string, places: number): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const shifted = Number(`${mantissa}e${Number(exponent) + places}`)
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
  return digits.length > exactDigits ? Number(shifted.toPrecision(12)) : shifted
}

/** A price in USD per 1000 tokens; undefined when the source has none: absent, null, prose, or negative. */
export function toPrice(value: unknown, places: number): number | undefined {
  const text = toDecimalText(value)
  const price = text === undefined ? Number.NaN : shiftDecimal(text, places)
  return price >= 0 && Number.isFinite(price) ? price : undefined
}

/** A count of 1 or more, also where it is written as `2000000.0` or as text. */
export function toTokens(value: unknown): number | undefined {
  const count = Number(toDecimalText(value) ?? Number.NaN)
  return Number.isSafeInteger(count) && count > 0 ? count : undefined
}

/** A calendar day. A month is none. */
export function toDay(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  const time = Date.parse(`${value}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value ? undefined : value
}

/** A day, or a month like `2026-02`. */
export function toMonthOrDay(value: unknown): string | undefined {
  if (typeof value === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(value)) return value
  return toDay(value)
}

/** A name for people: one line of visible characters. */
export function toDisplayName(value: unknown): string | undefined {
  return (typeof value === 'string' && toCleanText(value, 128)) || undefined
}

/** The texts of a list; empty for anything else. */
export function toTextList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

/** The object itself, or an empty one. */
export function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {}
}
