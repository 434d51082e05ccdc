import type { HttpHeaders, WholeAnswer } from '../platform/http-answer.ts'
import type { Problem } from './problem-2.ts'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
}

export interface ProblemOptions {
  /** What to do about it, a sentence without its full stop. */
  readonly hint?: string | undefined
  readonly headers?: HttpHeaders
  /** What else programs want to know. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** An answer that says no, as RFC 9457 has it: `detail` says what and where, `hint` what to do. */
export function toProblem(
  status: number,
  detail: string,
  { hint, headers = {}, more = {} }: ProblemOptions = {},
): WholeAnswer {
  const title = titles[status] ?? 'Error'
  const problem: Problem = {
    type: 'about:blank',
    title,
    status,
    detail,
    ...(hint !== undefined && { hint }),
    ...more,
  }
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify(problem, null, 2)}\n`,
  }
}
