import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import type { ListedEntry } from './list-entries.ts'

/** The entry with its id and these fields alone, in their own places: `x.y` stays inside `x`. What it lacks is null. */
export function selectFields(entry: ListedEntry, fields: readonly string[]): ListedEntry {
  const selected: ListedEntry = { id: entry.id }
  for (const field of fields) {
    const path = field.split('.')
    place(selected, path, valueAt(entry, path) ?? null)
  }
  return selected
}

function place(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path
  const inner = Object.hasOwn(object, key) ? object[key] : undefined
  const holder = isJsonObject(inner) ? { ...inner } : {}
  if (rest.length > 0) place(holder, rest, value)
  // `__proto__` is a name like any other here.
  const placed = rest.length > 0 ? holder : value
  Object.defineProperty(object, key, { value: placed, enumerable: true, configurable: true, writable: true })
}
