import { type FullResponse, type HttpRequest, toClientKey } from '../platform/http.ts'
import type { Caller } from '../security/access.ts'
import { toProblem } from './problem.ts'
import type { ServerState } from './server-state.ts'
import type { SignIn } from './sign-in-guard.ts'

/** The caller, or the response that refuses its token. */
export type Identified = Caller | { readonly refusal: FullResponse }

type Known = Pick<ServerState, 'tokens' | 'signIns'>

const anonymous: Caller = { kind: 'anonymous' }

/** Identifies the caller of a request. An invalid token is refused even where none is required. */
export function identifyCaller(request: HttpRequest, known: Known): Identified | Promise<Identified> {
  const credentials = request.header('authorization')
  if (credentials === undefined) return anonymous
  const token = /^bearer +(\S+) *$/i.exec(credentials)?.[1]
  if (token === undefined) return refuse('Authorization is not a bearer token')
  return findCaller({ token, address: request.remoteAddress }, known)
}

async function findCaller(attempt: SignIn, { tokens, signIns }: Known): Promise<Identified> {
  const seconds = signIns.waitFor(attempt)
  if (seconds !== undefined) return refuseForNow(seconds)
  const found = await tokens.find(attempt.token)
  signIns.note(attempt, typeof found === 'string' ? 'wrong' : 'held')
  if (found === 'expired') return refuse('the token has expired')
  return found === 'unknown' ? refuse('the token is not known') : found
}

/** A client for fair queues. Headers of proxies are not trusted: all clients of a proxy without tokens are one. */
export function toClientName(caller: Caller, { remoteAddress }: HttpRequest): string {
  return caller.kind === 'token' ? `token ${caller.tokenId}` : `address ${toClientKey(remoteAddress)}`
}

function refuseForNow(seconds: number): Identified {
  return {
    refusal: toProblem(429, 'too many wrong tokens from this address', {
      hint: 'Retry-After has the time until the next attempt',
      headers: { 'retry-after': String(seconds) },
    }),
  }
}

function refuse(detail: string): Identified {
  return {
    refusal: toProblem(401, detail, {
      hint: 'nexus-registry token list shows the tokens; send one as Authorization: Bearer TOKEN',
      headers: { 'www-authenticate': 'Bearer realm="nexus-registry", error="invalid_token"' },
    }),
  }
}
