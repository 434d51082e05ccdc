const knownExtensions = new Set(['x-source', 'x-assumed', 'x-local', 'x-upstream', 'x-price-history'])

/** Whether a key of an entry begins with `x-`: such keys come behind all others. */
export function isExtension(key: string): boolean {
  return key.startsWith('x-')
}

/** Keys that the schemas leave alone: `x-` and something, but for the ones that the schemas know. */
export function isExtensionKey(key: string): boolean {
  return isExtension(key) && !knownExtensions.has(key)
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

// What has no such keys anywhere is not copied: most objects have none, and there may be ten thousand entries.
function strip(value: unknown, keeps: Keeps): unknown {
  if (Array.isArray(value)) return stripItems(value)
  if (!isPlainObject(value)) return value
  const keys = Object.keys(value)
  let copy: Record<string, unknown> | undefined
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? ''
    const isKept = keeps(key)
    const inner = value[key]
    const stripped = isKept ? strip(inner, innerKeeps(key, keeps)) : undefined
    if (stripped !== inner) copy ??= pick(value, keys.slice(0, index))
    if (copy && isKept) copy[key] = stripped
  }
  return copy ?? value
}

function innerKeeps(key: string, keeps: Keeps): Keeps {
  return keeps === keepsKnown && mapKeys.has(key) ? keepsAll : keepsKnown
}

function pick(value: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null)
  for (const key of keys) picked[key] = value[key]
  return picked
}

function stripItems(items: readonly unknown[]): readonly unknown[] {
  const stripped = items.map(item => strip(item, keepsKnown))
  return stripped.some((item, index) => item !== items[index]) ? stripped : items
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
