import { type FullResponse, type HttpRequest, toClientKey } from '../platform/http.ts'
import type { Caller } from '../security/access.ts'
import { toProblem } from './problem.ts'
import type { ServerState } from './server-state.ts'
import type { SignIn } from './sign-in-guard.ts'

/** Who asks, or why that cannot be said. */
export type Identified = Caller | { readonly refusal: FullResponse }

type Known = Pick<ServerState, 'tokens' | 'signIns'>

const anonymous: Caller = { kind: 'anonymous' }

/** Finds out who sent a request. A token that does not hold is told so even where none would be needed. */
export function identifyCaller(request: HttpRequest, known: Known): Identified | Promise<Identified> {
  const credentials = request.header('authorization')
  if (credentials === undefined) return anonymous
  const token = /^bearer +(\S+) *$/i.exec(credentials)?.[1]
  if (token === undefined) return refuse('the sign-in is no bearer token')
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

/** What a proxy says of its clients is not believed: those of one that sends no tokens are one client. */
export function toClientName(caller: Caller, { remoteAddress }: HttpRequest): string {
  return caller.kind === 'token' ? `token ${caller.tokenId}` : `address ${toClientKey(remoteAddress)}`
}

function refuseForNow(seconds: number): Identified {
  return {
    refusal: toProblem(429, 'too many wrong tokens from this address', {
      hint: 'Retry-After says when the next one is looked at',
      headers: { 'retry-after': String(seconds) },
    }),
  }
}

function refuse(detail: string): Identified {
  return {
    refusal: toProblem(401, detail, {
      hint: 'nexus-registry token list shows which there are; send one as Authorization: Bearer TOKEN',
      headers: { 'www-authenticate': 'Bearer realm="nexus-registry", error="invalid_token"' },
    }),
  }
}
