/** Keys that the schemas leave alone: `x-` and something, but for the ones that the schemas know. */
export function isExtensionKey(key: string): boolean {
  return key.startsWith('x-') && key !== 'x-source'
}

/**
 * The document without what the schemas do not know but allow: `$schema` at its top, and `x-` keys in its objects
 * (at the top of a flat map the keys are ids, and `x-ai` is one). Objects without such keys are not copied.
 */
export function withoutExtensions(document: unknown, options: { isFlatMap: boolean }): unknown {
  if (!isPlainObject(document)) return strip(document)
  const { $schema: _, ...rest } = document
  if (!options.isFlatMap) return strip(rest)
  return Object.fromEntries(Object.entries(rest).map(([id, entry]) => [id, strip(entry)]))
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (!isPlainObject(value)) return value
  const kept = Object.entries(value).filter(([key]) => !isExtensionKey(key))
  return Object.fromEntries(kept.map(([key, inner]) => [key, strip(inner)]))
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
