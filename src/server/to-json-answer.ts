import type { HttpHeaders, WholeAnswer } from '../platform/http-answer.ts'

/** Answers with a value of this moment, that no cache may keep. */
export function toJsonAnswer(
  value: unknown,
  { status = 200, headers = {}, isCompact = false }: JsonAnswerOptions = {},
): WholeAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify(value, null, isCompact ? 0 : 2)}\n`,
  }
}

interface JsonAnswerOptions {
  readonly status?: number
  readonly headers?: HttpHeaders
  /** Without spaces: for what programs read, and not people. */
  readonly isCompact?: boolean
}
