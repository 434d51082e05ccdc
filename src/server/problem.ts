import * as z from 'zod'
import type { FullResponse, HttpHeaders } from '../platform/http.ts'

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

interface ProblemOptions {
  /** What to do about it, a sentence without its full stop. */
  readonly hint?: string | undefined
  readonly headers?: HttpHeaders
  /** Further properties for programs. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** A problem document (RFC 9457): `detail` says what is wrong and where, `hint` what to do. */
export function toProblem(
  status: number,
  detail: string,
  { hint, headers = {}, more = {} }: ProblemOptions = {},
): FullResponse {
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

/** A problem document (RFC 9457). Loose: it may have further properties for programs. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('Kind of problem, a URI reference; about:blank refers to the status'),
    title: z.string().describe('The status in words'),
    status: z
      .int()
      .min(400, 'a status of 400 to 599')
      .max(599, 'a status of 400 to 599')
      .describe('The status'),
    detail: z.string().describe('What is wrong, and where'),
    hint: z.string().describe('What to do about it').optional(),
  })
  .describe('What is wrong, and what to do about it (RFC 9457)')

type Problem = Readonly<z.infer<typeof problemSchema>>
