import type { Variable } from '../core/variable.ts'

/** An answer of `env`, and the question that it belongs to. */
export interface Answer {
  /** See `renderQuestion`. */
  readonly question: string
  /** When it was looked for, milliseconds since 1970. */
  readonly checkedAt: number
  /** Age in seconds from which it is stale. */
  readonly ttlSeconds: number
  readonly variables: readonly Variable[]
}
