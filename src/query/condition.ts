import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { VersionOrder } from '../lib/version/versions.ts'

const date = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/
const partOfDate = /^\d{4}(?:-\d\d){0,2}(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/
// Not 127.0.0.1. What begins with a number and goes on in words, like 8x7b, is no version either.
const version = /^v?\d+(?:\.\d+){0,2}(?:[-+._]?(?:[a-z]+[-.+\w]*))?$/i
const dottedVersion = /^v?\d+\.\d/i

/** Whether a text may be a version, so that it is worth to load what orders versions. */
export function isVersionLike(text: string): boolean {
  return version.test(text)
}

/** Whether an operand without quotes is a number. */
export function isNumberLike({ text, isQuoted }: Operand): boolean {
  return !isQuoted && text !== '' && !Number.isNaN(Number(text))
}

/** Whether a text is a day, a time or the beginning of one, and one that the calendar has. */
export function isDateLike(text: string): boolean {
  const [, day, isWhole] = /^(\d{4}(?:-\d\d(-\d\d)?)?)/.exec(text) ?? []
  if (day === undefined || !partOfDate.test(text) || Number.isNaN(toTime(text))) return false
  // V8 reads the 31st of April as the 1st of May.
  return isWhole === undefined || new Date(Date.parse(day)).toISOString().startsWith(day)
}

/** Whether an operand can be ordered against a field's value: a number against a number, a date against a date. */
export function isComparable(value: unknown, operand: Operand): boolean {
  if (typeof value === 'number') return isNumberLike(operand)
  if (typeof value !== 'string') return false
  if (operand.isQuoted) return true
  if (date.test(value)) return isDateLike(operand.text)
  if (dottedVersion.test(value) && version.test(value)) return version.test(operand.text)
  return compareWith(value, operand, () => 0) !== undefined
}

/**
 * Orders a field's value against what was written: numbers as numbers, dates as dates, versions as versions, anything
 * else as text. Undefined when they cannot be compared: a number with a word.
 */
export function compareWith(
  value: unknown,
  operand: Operand,
  compareVersions: VersionOrder,
): number | undefined {
  if (typeof value === 'number') return compareNumbers(value, operand)
  if (typeof value !== 'string') return undefined
  if (operand.isQuoted) return compareStrings(value, operand.text)
  if (date.test(value) && partOfDate.test(operand.text)) return toTime(value) - toTime(operand.text)
  if (version.test(value) && version.test(operand.text)) return compareVersions(value, operand.text)
  return Number.isNaN(Number(operand.text)) ? compareStrings(value, operand.text) : undefined
}

/** Whether a field's value is what was written. Versions and dates are also when they are spelt differently. */
export function isEqual(value: unknown, operand: Operand, compareVersions: VersionOrder): boolean {
  if (typeof value === 'boolean') return !operand.isQuoted && String(value) === operand.text
  if (typeof value === 'number') return compareNumbers(value, operand) === 0
  if (typeof value !== 'string') return false
  if (value === operand.text) return true
  if (operand.isQuoted) return false
  const isSpelt = date.test(value) || (dottedVersion.test(value) && dottedVersion.test(operand.text))
  return isSpelt && compareWith(value, operand, compareVersions) === 0
}

/** Orders two values of a field for `--sort`: numbers, then versions, dates and texts, then the rest. */
export function compareFields(left: unknown, right: unknown, compareVersions: VersionOrder): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left !== typeof right) return rankOf(left) - rankOf(right)
  const [first, second] = [toText(left), toText(right)]
  const isOfVersions = dottedVersion.test(first) && version.test(first) && version.test(second)
  return (isOfVersions ? compareVersions(first, second) : 0) || compareStrings(first, second)
}

function compareNumbers(value: number, operand: Operand): number | undefined {
  return isNumberLike(operand) ? value - Number(operand.text) : undefined
}

function compareStrings(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

// Both without a zone are UTC, whatever the machine's is: `2024-05-13` is so already.
function toTime(text: string): number {
  const iso = text.replace(' ', 'T')
  return Date.parse(/T.*(?:Z|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`)
}

function rankOf(value: unknown): number {
  return ['number', 'string', 'boolean'].indexOf(typeof value) >>> 0
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** How a field is compared with a value, in the order of messages. */
export const operators = ['=', '!=', '<', '<=', '>', '>=', '~', 'contains', 'in'] as const

export type Operator = (typeof operators)[number]

/** A value as it was written. */
export interface Operand {
  readonly text: string
  /** It was quoted, so it is a string. */
  readonly isQuoted: boolean
}

/** One `--where`. */
export interface QueryCondition {
  /** Path with dots: `detected.version`. */
  readonly field: string
  readonly operator: Operator
  /** One, but for `in`. */
  readonly operands: readonly Operand[]
}

const example = `For example --where 'capabilities contains vision'`
// Signs may stand close to the field, words may not. Signs are taken as many as there are, so that `=~` is one.
const withOperator = /^\s*([^\s=!<>~]+)\s*([=!<>~]+)([\s\S]*)$/
const withWord = /^\s*([^\s=!<>~]+)\s+(\S+)([\s\S]*)$/
const listItem = /\s*("[^"]*"|'[^']*'|[^,]*?)\s*(?:,|$)/y

/** Reads `FIELD OP VALUE`. Throws a NexusError('usage') that names what is missing or not known. */
export function parseCondition(text: string): QueryCondition {
  const [, field, symbol, rest = ''] = withOperator.exec(text) ?? withWord.exec(text) ?? []
  if (field === undefined || symbol === undefined) {
    throw new NexusError('usage', `--where: ${JSON.stringify(text)} is no FIELD OP VALUE`, { hint: example })
  }
  const operator = toOperator(symbol)
  const value = rest.trim()
  if (value === '') {
    const hint = `Nothing at all is written ${field} ${symbol} ''`
    throw new NexusError('usage', `--where: ${JSON.stringify(text)} has no value`, { hint })
  }
  return { field, operator, operands: operator === 'in' ? toOperands(value) : [toOperand(value)] }
}

function toOperator(text: string): Operator {
  const found = operators.find(operator => operator === (text === '==' ? '=' : text.toLowerCase()))
  if (found) return found
  const hint = suggest(text, operators) ?? `Operators are ${operators.join(' ')}`
  throw new NexusError('usage', `--where: there is no operator ${JSON.stringify(text)}`, { hint })
}

function toOperand(text: string): Operand {
  const inner = /^(["'])([\s\S]*)\1$/.exec(text)?.[2]
  return inner === undefined ? { text, isQuoted: false } : { text: inner, isQuoted: true }
}

/** The items of `a, b` or `[a, "b, c"]`. */
function toOperands(text: string): Operand[] {
  const list = /^\[([\s\S]*)\]$|^\(([\s\S]*)\)$/.exec(text)
  const items = list?.[1] ?? list?.[2] ?? text
  const operands: Operand[] = []
  listItem.lastIndex = 0
  while (listItem.lastIndex < items.length) {
    const [, item = ''] = listItem.exec(items) ?? []
    // Something stands behind a closing quote: the rest is one item, as it is.
    if (listItem.lastIndex === 0) return [toOperand(text)]
    operands.push(toOperand(item))
  }
  return operands
}
