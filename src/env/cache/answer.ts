import type { Variable } from '../../registry/variable.ts'
import type { Look } from './question.ts'

/** An answer of `env`, and the question that it belongs to. */
export interface Answer {
  /** Text of its `Question`. */
  readonly question: string
  /** When it was looked for, milliseconds since 1970. */
  readonly checkedAt: number
  /** Age in seconds from which it is stale. */
  readonly ttlSeconds: number
  readonly variables: readonly Variable[]
}

/** What shells need to give an answer without starting this program. */
export interface AnswerForShells {
  /** Registry home, absolute. */
  readonly home: string
  /** The files of its question, settled. */
  readonly look: Look
  /** What `env` prints, by form: `sh`, `zsh`, … */
  readonly texts: Readonly<Record<string, string>>
}
