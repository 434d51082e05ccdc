import { valueAt } from '../../core/json/json-value.ts'

/** Text of the first of these fields (paths with dots) that has a value; a dash when none has. */
export function toCell(entry: unknown, fields: readonly string[]): string {
  const values = fields.map(field => valueAt(entry, field.split('.')))
  const value = values.find(candidate => candidate !== undefined && candidate !== null && candidate !== '')
  return value === undefined ? '–' : toText(value)
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
