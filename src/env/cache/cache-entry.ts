import { isJsonObject } from '../../lib/json/json-value.ts'
import { isVariableName, type Variable } from '../../registry/refs.ts'
import type { CheckedFiles } from './cache-key.ts'

/** Rendered variables for one cache key. */
export interface CachedExports {
  /** Text of the `CacheKey`. */
  readonly cacheKey: string
  /** When the detection began, milliseconds since 1970. */
  readonly checkedAt: number
  /** Age in seconds after which they are stale. */
  readonly ttlSeconds: number
  readonly variables: readonly Variable[]
}

/** What shells need to use cached exports without starting this program. */
export interface ShellExports {
  /** Registry home, absolute. */
  readonly home: string
  /** The files of the cache key, stable. */
  readonly checked: CheckedFiles
  /** What `env` prints, by form: `sh`, `zsh`, … */
  readonly outputs: Readonly<Record<string, string>>
}

/** JSON with `question` (the cache key), `checked_at`, `ttl_seconds` and `variables` (null: to unset). */
export function renderCacheEntry(cached: CachedExports): string {
  const document = {
    question: cached.cacheKey,
    checked_at: new Date(cached.checkedAt).toISOString(),
    ttl_seconds: cached.ttlSeconds,
    variables: cached.variables.map(({ name, value }) => ({ name, value: value ?? null })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Undefined when the text is no valid cache entry. */
export function parseCacheEntry(text: string): CachedExports | undefined {
  const document = parse(text)
  if (!isJsonObject(document)) return undefined
  const { question: cacheKey, checked_at, ttl_seconds, variables } = document
  const checkedAt = typeof checked_at === 'string' ? Date.parse(checked_at) : Number.NaN
  if (typeof cacheKey !== 'string' || Number.isNaN(checkedAt)) return undefined
  if (typeof ttl_seconds !== 'number' || !Array.isArray(variables)) return undefined
  const parsed = variables.map(toVariable)
  const valid = parsed.filter(variable => variable !== undefined)
  if (valid.length < parsed.length) return undefined
  return { cacheKey, checkedAt, ttlSeconds: ttl_seconds, variables: valid }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toVariable(candidate: unknown): Variable | undefined {
  if (!isJsonObject(candidate)) return undefined
  const { name, value } = candidate
  if (typeof name !== 'string' || !isVariableName(name)) return undefined
  if (value === null) return { name, value: undefined }
  return typeof value === 'string' && !value.includes('\0') ? { name, value } : undefined
}
