import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Role } from '../registry/schema/access.ts'
import { longestNote } from '../registry/schema/access-token.ts'
import { roles } from '../registry/schema/roles.ts'
import { parseLifetime } from './parse-lifetime.ts'
import { createToken, type TokenInfo } from './tokens.ts'

export interface TokenRequest {
  readonly role: string | undefined
  /** How long it is good for, like `30d`. */
  readonly expires?: string | undefined
  readonly note?: string | undefined
}

export interface IssuedToken extends TokenInfo {
  /** Shown this once. */
  readonly token: string
}

const defaultLifetime = '30d'

/** Makes a token of a home. Throws a NexusError('usage') for a role, a lifetime or a note that will not do. */
export async function issueToken(
  home: string,
  { role, expires = defaultLifetime, note }: TokenRequest,
  host: Parameters<typeof createToken>[2],
): Promise<IssuedToken> {
  const wanted = { role: requireRole(role), note: requireNote(note) }
  const lifetimeMs = requireLifetime(expires)
  const expiresAt = lifetimeMs === null ? null : host.clock.now() + lifetimeMs
  const { token, info } = await createToken(home, { ...wanted, expiresAt }, host)
  return { token, ...info }
}

function requireRole(wanted: string | undefined): Role {
  const role = roles.find(each => each === wanted)
  if (role) return role
  const all = `Roles are ${roles.join(', ')}`
  if (wanted === undefined) throw new NexusError('usage', 'a token needs a --role', { hint: all })
  throw new NexusError('usage', `--role: there is no role ${JSON.stringify(wanted)}`, {
    hint: suggest(wanted, roles) ?? all,
  })
}

function requireLifetime(text: string): number | null {
  const lifetime = parseLifetime(text)
  if (lifetime !== undefined) return lifetime
  throw new NexusError('usage', `--expires: ${JSON.stringify(text)} is no time to be good for`, {
    hint: 'For example 90m, 12h, 30d or 8w, ten years at most, or never',
  })
}

function requireNote(note: string | undefined): string | null {
  if (note === undefined || note.length <= longestNote) return note ?? null
  throw new NexusError('usage', `--note takes at most ${longestNote} characters`, { hint: 'Say it shorter' })
}
