import { valueAt } from '../lib/json/json-value.ts'
import { describeAge } from '../lib/text/age.ts'
import type { EntryColumn } from './entry-columns.ts'

/**
 * Text of a column: the first of its fields (paths with dots) that has a value; a dash when none has. `now` is the wall
 * clock, milliseconds since 1970.
 */
export function toCell(entry: unknown, { fields, isAge }: EntryColumn, now: number): string {
  const values = fields.map(field => valueAt(entry, field.split('.')))
  const value = values.find(candidate => candidate !== undefined && candidate !== null && candidate !== '')
  if (value === undefined) return '–'
  return isAge && typeof value === 'string' ? toAge(value, now) : toText(value)
}

function toAge(text: string, now: number): string {
  const time = Date.parse(text)
  return Number.isNaN(time) ? text : describeAge(now - time)
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
