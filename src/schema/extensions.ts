/** Keys that the schemas leave alone: `x-` and something, but for the ones that the schemas know. */
export function isExtensionKey(key: string): boolean {
  return key.startsWith('x-') && key !== 'x-source'
}

// Objects under these keys are maps by id or by name, and `x-ai` is an id, `x-version` the name of a header.
const mapKeys = new Set([
  'entries',
  'system',
  'orchestrator',
  'version_compatibility',
  'access_control',
  'headers',
  'details',
])

/**
 * The document without what the schemas do not know but allow: `$schema` at its top, and `x-` keys in its objects.
 * In a map by id, such as the top of a flat map, a key that begins with `x-` is an id like any other.
 */
export function withoutExtensions(document: unknown, options: { isFlatMap: boolean }): unknown {
  if (!isPlainObject(document)) return strip(document, keepsAll)
  const { $schema: _, ...rest } = document
  return strip(rest, options.isFlatMap ? keepsAll : keepsKnown)
}

type Keeps = (key: string) => boolean

const keepsAll: Keeps = () => true
const keepsKnown: Keeps = key => !isExtensionKey(key)

function strip(value: unknown, keeps: Keeps): unknown {
  if (Array.isArray(value)) return value.map(item => strip(item, keepsKnown))
  if (!isPlainObject(value)) return value
  const kept = Object.entries(value).filter(([key]) => keeps(key))
  return Object.fromEntries(
    kept.map(([key, inner]) => [
      key,
      strip(inner, keeps === keepsKnown && mapKeys.has(key) ? keepsAll : keepsKnown),
    ]),
  )
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
