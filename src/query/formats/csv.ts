import { isJsonObject } from '../../lib/json/json-value.ts'
import type { EntriesFormat } from './format.ts'

/**
 * CSV as RFC 4180 has it: a line of headings, CRLF, quotes where they are needed. What is nested becomes a column each,
 * with dots; a list is its items with semicolons between, or JSON. What is missing or null is empty.
 */
export const renderCsv: EntriesFormat = entries => {
  if (entries.length === 0) return ''
  const rows = entries.map(entry => new Map(flatten(entry)))
  const columns = [...new Set(rows.flatMap(row => [...row.keys()]))]
  const lines = rows.map(row => columns.map(column => toCell(row.get(column))))
  return [columns.map(toField), ...lines].map(cells => `${cells.join(',')}\r\n`).join('')
}

function flatten(entry: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(entry).flatMap(([key, value]): [string, unknown][] =>
    isJsonObject(value) ? flatten(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  )
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return toField(value)
  if (!Array.isArray(value)) return String(value)
  const isFlat = value.every(item => typeof item !== 'object' && !String(item).includes(';'))
  return toField(isFlat ? value.join(';') : JSON.stringify(value))
}

// Spreadsheets run a value that begins like this as a formula. An apostrophe keeps it a string. See OWASP,
// "CSV Injection". A number stands as it is.
const formula = /^[=+\-@\t\r]/

function toField(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
