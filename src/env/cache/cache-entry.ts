import { isJsonObject } from '../../lib/json/json-value.ts'
import { isVariableName, type Variable } from '../../registry/refs.ts'
import type { CheckedPath } from './cache-key.ts'

/** The file of an answer: JSON with `question`, `checked_at`, `ttl_seconds` and `variables` (null: to unset). */
export function renderCacheEntry(answer: CachedExports): string {
  const document = {
    question: answer.question,
    checked_at: new Date(answer.checkedAt).toISOString(),
    ttl_seconds: answer.ttlSeconds,
    variables: answer.variables.map(({ name, value }) => ({ name, value: value ?? null })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** Reads the file of an answer; undefined when it is not one. */
export function parseCacheEntry(text: string): CachedExports | undefined {
  const document = parse(text)
  if (!isJsonObject(document)) return undefined
  const { question, checked_at, ttl_seconds, variables } = document
  const checkedAt = typeof checked_at === 'string' ? Date.parse(checked_at) : Number.NaN
  if (typeof question !== 'string' || Number.isNaN(checkedAt)) return undefined
  if (typeof ttl_seconds !== 'number' || !Array.isArray(variables)) return undefined
  const parsed = variables.map(toVariable)
  const sound = parsed.filter(variable => variable !== undefined)
  if (sound.length < parsed.length) return undefined
  return { question, checkedAt, ttlSeconds: ttl_seconds, variables: sound }
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

/** An answer of `env`, and the question that it belongs to. */
export interface CachedExports {
  /** Text of its `Question`. */
  readonly question: string
  /** When it was looked for, milliseconds since 1970. */
  readonly checkedAt: number
  /** Age in seconds from which it is stale. */
  readonly ttlSeconds: number
  readonly variables: readonly Variable[]
}

/** What shells need to give an answer without starting this program. */
export interface ShellExports {
  /** Registry home, absolute. */
  readonly home: string
  /** The files of its question, settled. */
  readonly look: CheckedPath
  /** What `env` prints, by form: `sh`, `zsh`, … */
  readonly texts: Readonly<Record<string, string>>
}
