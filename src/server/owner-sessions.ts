import type { Host } from '../platform/host.ts'
import type { Caller } from '../security/access.ts'
import { createOwnerSecret, linkMs, parseLinkToken } from '../security/owner-link.ts'
import { toBase64Url } from '../security/tokens.ts'

/** Sessions of the owner's page. They are in memory, and end with the server. */
export interface OwnerSessions {
  /** Signs the links of this server. */
  readonly secret: string
  /** Trades the token of a link for a session, once. */
  readonly open: (token: string) => NewSession | LinkRefusal
  /** The caller with this session; undefined when it has ended, and for any other text. */
  readonly find: (session: string) => Caller | undefined
  readonly close: (sessionId: string) => void
}

interface NewSession {
  readonly session: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** `wrong`: it was not signed by this server's secret, or lasts too long. */
export type LinkRefusal = 'wrong' | 'used' | 'expired'

/** How long a session lasts, in milliseconds. */
const sessionMs = 12 * 60 * 60 * 1000
/** Most sessions. A further one ends the oldest. */
const mostSessions = 50
/** Most used tokens that are remembered until they expire. */
const mostUsed = 1000

// Tokens begin with nxr_: one is never taken for the other.
const sessionPrefix = 'nxs_'

/** Whether a bearer token is a session, which no file of tokens knows. */
export function isSession(token: string): boolean {
  return token.startsWith(sessionPrefix)
}

interface StoredSession {
  readonly id: string
  readonly expiresAt: number
  /** By the monotonic clock: a wall clock that is set back prolongs no session. */
  readonly endsAt: number
}

type SessionHost = Pick<
  Host,
  'clock' | 'randomBytes' | 'randomName' | 'sha256' | 'hmacSha256' | 'isSameSecret'
>

export function createOwnerSessions(host: SessionHost): OwnerSessions {
  const { clock } = host
  const secret = createOwnerSecret(host)
  const useOnce = createUsedTokens()
  /** By hash: the memory of the server has no session that could be sent. */
  const sessions = new Map<string, StoredSession>()
  return {
    secret,
    open: token => {
      const parsed = parseLinkToken(token, secret, host)
      if (parsed === undefined || parsed.expiresAt > clock.now() + linkMs) return 'wrong'
      const refusal = useOnce(parsed, clock.now())
      if (refusal !== undefined) return refusal
      const session = `${sessionPrefix}${toBase64Url(host.randomBytes(32))}`
      const expiresAt = clock.now() + sessionMs
      const endsAt = clock.elapsed() + sessionMs
      sessions.set(host.sha256(session), { id: host.randomName(), expiresAt, endsAt })
      const [oldest] = sessions.keys()
      if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest)
      return { session, expiresAt }
    },
    find: session => {
      const found = sessions.get(host.sha256(session))
      if (found === undefined || found.expiresAt <= clock.now() || found.endsAt <= clock.elapsed())
        return undefined
      return { kind: 'owner', sessionId: found.id }
    },
    close: sessionId => {
      for (const [hash, { id }] of sessions) if (id === sessionId) sessions.delete(hash)
    },
  }
}

interface UsedToken {
  readonly nonce: string
  readonly expiresAt: number
}

/**
 * Remembers used tokens until they expire. Tokens that expire no later than one that is no longer remembered count as
 * expired, so none can be used again when there are too many, or when the clock is set back.
 */
function createUsedTokens(): (token: UsedToken, now: number) => 'used' | 'expired' | undefined {
  const used = new Map<string, number>()
  let expiredUntil = 0
  return ({ nonce, expiresAt }, now) => {
    if (used.has(nonce)) return 'used'
    if (expiresAt <= Math.max(now, expiredUntil)) return 'expired'
    used.set(nonce, expiresAt)
    for (const [known, end] of used) {
      if (end > now && used.size <= mostUsed) continue
      used.delete(known)
      expiredUntil = Math.max(expiredUntil, end)
    }
    return undefined
  }
}
