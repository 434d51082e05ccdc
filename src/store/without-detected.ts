import { isJsonObject } from '../core/json/json-value.ts'

/**
 * The entries of a registry's text without `detected`, in a form to compare by: a sync changes files, and this stays
 * the same. What cannot be parsed is told apart by its very text.
 */
export function withoutDetected(text: string): string {
  try {
    const document: unknown = JSON.parse(text)
    if (!isJsonObject(document)) return text
    const entries = Object.entries(document)
    return JSON.stringify(
      entries.map(([id, entry]) => [id, isJsonObject(entry) ? omitDetected(entry) : entry]),
    )
  } catch {
    return text
  }
}

function omitDetected({ detected: _, ...entry }: Readonly<Record<string, unknown>>): unknown {
  return entry
}
