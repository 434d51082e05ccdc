import type { Host } from '../platform/host.ts'
import { type FullResponse, type HttpRequest, isLoopback, toClientKey } from '../platform/http.ts'
import { type Caller, toCredentialId } from '../security/access.ts'
import type { TokenBook } from '../security/tokens.ts'
import { isSession, type OwnerSessions } from './owner-sessions.ts'
import { toProblem } from './problem.ts'

/** The caller, or the response that refuses its token. */
export type Identified = Caller | { readonly refusal: FullResponse }

interface Known {
  readonly tokens: TokenBook
  readonly sessions: OwnerSessions
  readonly signIns: SignInGuard
}

const anonymous: Caller = { kind: 'anonymous' }

/** Identifies the caller of a request. An invalid token is refused even where none is required. */
export function identifyCaller(request: HttpRequest, known: Known): Identified | Promise<Identified> {
  const credentials = request.header('authorization')
  if (credentials === undefined) return anonymous
  const token = /^bearer +(\S+) *$/i.exec(credentials)?.[1]
  if (token === undefined) return refuse('Authorization is not a bearer token')
  const attempt = { token, address: request.remoteAddress }
  return isSession(token) ? findOwner(attempt, known) : findCaller(attempt, known)
}

function findOwner(attempt: SignIn, { sessions, signIns }: Known): Identified {
  const { token, address } = attempt
  const found = address !== undefined && isLoopback(address) ? sessions.find(token) : undefined
  return found ?? { refusal: refuseSignIn(attempt, 'the session has ended', signIns) }
}

async function findCaller(attempt: SignIn, { tokens, signIns }: Known): Promise<Identified> {
  const seconds = signIns.waitFor(attempt)
  if (seconds !== undefined) return { refusal: refuseForNow(seconds) }
  const found = await tokens.find(attempt.token)
  signIns.note(attempt, typeof found === 'string' ? 'wrong' : 'held')
  if (found === 'expired') return refuse('the token has expired')
  return found === 'unknown' ? refuse('the token is not known') : found
}

/** A client for fair queues. Headers of proxies are not trusted: all clients of a proxy without tokens are one. */
export function toClientName(caller: Caller, { remoteAddress }: HttpRequest): string {
  return toCredentialId(caller) ?? `address ${toClientKey(remoteAddress)}`
}

/**
 * The response to a wrong link or session. It counts as a wrong token. The owner is checked first: whatever other users of
 * this machine try, they do not lock the owner out.
 */
export function refuseSignIn(attempt: SignIn, detail: string, signIns: SignInGuard): FullResponse {
  const seconds = signIns.waitFor(attempt)
  if (seconds !== undefined) return refuseForNow(seconds)
  signIns.note(attempt, 'wrong')
  return toUnauthorized(detail, 'nexus-registry dashboard --web prints a new link')
}

function refuseForNow(seconds: number): FullResponse {
  return toProblem(429, 'too many wrong tokens from this address', {
    hint: 'Retry-After has the time until the next attempt',
    headers: { 'retry-after': String(seconds) },
  })
}

function refuse(detail: string): Identified {
  const hint = 'nexus-registry token list shows the tokens; send one as Authorization: Bearer TOKEN'
  return { refusal: toUnauthorized(detail, hint) }
}

function toUnauthorized(detail: string, hint: string): FullResponse {
  const headers = { 'www-authenticate': 'Bearer realm="nexus-registry", error="invalid_token"' }
  return toProblem(401, detail, { hint, headers })
}

/** Bounds how many wrong tokens a client may try. */
export interface SignInGuard {
  /** Seconds until this token is checked; undefined when it is checked at once. */
  readonly waitFor: (attempt: SignIn) => number | undefined
  /** Remembers the result of a check. */
  readonly note: (attempt: SignIn, outcome: 'held' | 'wrong') => void
}

interface SignIn {
  readonly token: string
  readonly address: string | undefined
}

/** Wrong tokens that a client may try in a minute. A repeated token counts once. */
const mostWrong = 20
const windowMs = 60_000
/** Most clients and tokens that are remembered. */
const mostRemembered = 10_000

interface Window {
  readonly endsAt: number
  /** Hashes: a wrong token may be valid for another server. */
  readonly wrong: Set<string>
}

/**
 * Limits wrong tokens by address, also on this machine. Tokens that were valid before are accepted, so that a program
 * that guesses does not lock out others at its address.
 */
export function createSignInGuard({ clock, sha256 }: Pick<Host, 'clock' | 'sha256'>): SignInGuard {
  const windows = new Map<string, Window>()
  const held = new Set<string>()
  const find = (address: string | undefined) => {
    const window = windows.get(toClientKey(address))
    return window && clock.elapsed() < window.endsAt ? window : undefined
  }
  const open = (address: string | undefined) => {
    const window = { endsAt: clock.elapsed() + windowMs, wrong: new Set<string>() }
    windows.delete(toClientKey(address))
    windows.set(toClientKey(address), window)
    evictOldest(windows)
    return window
  }
  return {
    waitFor: ({ token, address }) => {
      const window = find(address)
      if (window === undefined || window.wrong.size < mostWrong) return undefined
      const hash = sha256(token)
      if (held.has(hash) || window.wrong.has(hash)) return undefined
      return Math.ceil((window.endsAt - clock.elapsed()) / 1000)
    },
    note: ({ token, address }, outcome) => {
      const hash = sha256(token)
      if (outcome === 'wrong') {
        held.delete(hash)
        const { wrong } = find(address) ?? open(address)
        if (wrong.size < mostWrong) wrong.add(hash)
      } else if (!held.has(hash)) {
        held.add(hash)
        evictOldest(held)
      }
    },
  }
}

function evictOldest(memory: Map<string, unknown> | Set<string>): void {
  if (memory.size <= mostRemembered) return
  for (const oldest of memory.keys()) {
    memory.delete(oldest)
    return
  }
}
