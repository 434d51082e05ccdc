import type { Caller } from '../../core/access/caller.ts'
import type { WholeAnswer } from '../../core/http/http-answer.ts'
import type { HttpRequest } from '../../core/http/http-request.ts'
import { toProblem } from './problem.ts'
import type { Serving } from './serving.ts'

/** Who asks, or why that cannot be said. */
export type Identified = Caller | { readonly refusal: WholeAnswer }

const anonymous: Caller = { kind: 'anonymous' }

/** Finds out who sent a request. A token that does not hold is told so even where none would be needed. */
export function identifyCaller(
  request: HttpRequest,
  { tokens }: Pick<Serving, 'tokens'>,
): Identified | Promise<Identified> {
  const credentials = request.header('authorization')
  if (credentials === undefined) return anonymous
  const token = /^bearer +(\S+) *$/i.exec(credentials)?.[1]
  return token === undefined ? refuse('the sign-in is no bearer token') : findCaller(token, tokens)
}

async function findCaller(token: string, tokens: Serving['tokens']): Promise<Identified> {
  const found = await tokens.find(token)
  if (found === 'expired') return refuse('the token has expired')
  return found === 'unknown' ? refuse('the token is not known') : found
}

function refuse(detail: string): Identified {
  return {
    refusal: toProblem(401, detail, {
      hint: 'nexus-registry token list shows which there are; send one as Authorization: Bearer TOKEN',
      headers: { 'www-authenticate': 'Bearer realm="nexus-registry", error="invalid_token"' },
    }),
  }
}
