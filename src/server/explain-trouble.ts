import { limits } from '../lib/limits.ts'
import type { HttpAnswer } from '../platform/http-answer.ts'
import type { HttpRequest } from '../platform/http-request.ts'
import { toProblem } from './problem.ts'

const troubles: Readonly<Record<number, { readonly detail: string; readonly hint: string }>> = {
  400: { detail: 'this is no HTTP request that can be read', hint: 'Check the address and the headers' },
  408: { detail: 'the request did not come to its end in time', hint: 'Send it in one go' },
  413: {
    detail: `the body is too large: ${limits.requestBytes} bytes at most`,
    hint: 'Change single entries instead',
  },
  414: {
    detail: 'the address is too long',
    hint: 'Registries, ids and filters have bounds: see /openapi.json',
  },
  417: { detail: 'what Expect asks for cannot be promised', hint: 'Expect: 100-continue is understood' },
  429: { detail: 'too many requests from this address', hint: 'Retry-After says when to go on' },
  431: { detail: `the headers are too large: ${limits.requestHeadBytes} bytes at most`, hint: 'Send fewer' },
  500: { detail: 'this is a defect of the server', hint: 'Its log says more; please report it' },
}

/** What a client is told when its call is wrong, or the program is. Never what exactly is wrong with the program. */
export function explainTrouble(status: number): HttpAnswer {
  const { detail, hint } = troubles[status] ?? {
    detail: 'the request cannot be answered',
    hint: 'See /openapi.json',
  }
  return toProblem(status, detail, { hint })
}

/** Like /registries/models/openai/gpt-oss-120b. */
const slashed = /^\/(?:registries|explain)(?:\/[^/]+){3,}$/

/** What a client is told that asks for something that is not here. */
export function explainStray(request: HttpRequest, allowed: readonly string[]): HttpAnswer {
  const [path = ''] = request.target.split('?')
  if (allowed.length === 0)
    return toProblem(404, `there is nothing at ${JSON.stringify(path)}`, {
      hint: slashed.test(path) ? 'A slash in an id is written as %2F' : 'See /openapi.json for what there is',
    })
  return toProblem(405, `${request.method} is not for ${JSON.stringify(path)}`, {
    hint: `Use ${allowed.join(', ')}`,
    headers: { allow: allowed.join(', ') },
  })
}
