import { NexusError } from '../lib/errors.ts'
import { parseDuration } from '../lib/text/duration.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host } from '../platform/host.ts'
import { type AccessToken, longestNote, mostTokens, type Role } from '../registry/schema/access.ts'
import { roles } from '../registry/schema/roles.ts'
import type { Caller } from './access.ts'
import {
  findTokenFile,
  loadTokenFile,
  type ReadTokensHost,
  requireTokens,
  type TokenFile,
  type UpdateTokensHost,
  updateTokens,
} from './token-file.ts'

interface TokenRequest {
  readonly role: string | undefined
  /** How long it is good for, like `30d`. */
  readonly expires?: string | undefined
  readonly note?: string | undefined
}

interface IssuedToken extends TokenInfo {
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

/** How long a token is good for, `30d` or `12h`, in milliseconds; null for `never`. Undefined for anything else. */
export function parseLifetime(text: string): number | null | undefined {
  return text === 'never' ? null : parseDuration(text)
}

/** What may be shown of a token. */
export type TokenInfo = Omit<AccessToken, 'sha256'>

interface NewToken extends Pick<TokenInfo, 'role' | 'note'> {
  /** Milliseconds since 1970; null for a token that never expires. */
  readonly expiresAt: number | null
}

type CreateHost = UpdateTokensHost & Pick<Host, 'randomBytes'>
type ListHost = Pick<Host, 'env' | 'userHome' | 'path' | 'fs' | 'uid' | 'sha256'>
type BookHost = ListHost & Pick<Host, 'clock' | 'isSameSecret'>

/** Says whose a token is. */
export interface TokenBook {
  /** Never rejects. What was changed on the disk counts at once. */
  find(token: string): Promise<Caller | 'unknown' | 'expired'>
}

const tokenForm = /^nxr_[\w-]{43}$/

/**
 * Makes a token for a home. The token itself is returned only here: the file has its hash. Throws a NexusError when it
 * cannot be kept.
 */
export async function createToken(
  home: string,
  { role, note, expiresAt }: NewToken,
  host: CreateHost,
): Promise<{ readonly token: string; readonly info: TokenInfo }> {
  const token = `nxr_${toBase64Url(host.randomBytes(32))}`
  const info: TokenInfo = {
    id: host.randomName().slice(0, 8),
    role,
    created_at: new Date(host.clock.now()).toISOString(),
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    note,
  }
  const sha256 = host.sha256(token)
  await updateTokens(home, tokens => addToken(tokens, { ...info, sha256 }), host)
  return { token, info }
}

/** The tokens of a home, in the order in which they were made. Throws a NexusError when their file is not to be believed. */
export async function listTokens(home: string, host: ListHost): Promise<readonly TokenInfo[]> {
  const path = await findTokenFile(home, host)
  const tokens = path === undefined ? [] : requireTokens(await loadTokenFile(path, host))
  return tokens.map(toInfo)
}

/** Ends a token, at once; undefined when there is none with this id. Throws a NexusError when it cannot be ended. */
export async function revokeToken(
  home: string,
  id: string,
  host: UpdateTokensHost,
): Promise<TokenInfo | undefined> {
  const isThere = (await listTokens(home, host)).find(token => token.id === id)
  if (isThere === undefined) return undefined
  await updateTokens(home, tokens => tokens.filter(token => token.id !== id), host)
  return isThere
}

/** Opens the tokens of a home for a long-lived process. */
export async function openTokenBook(home: string, host: BookHost): Promise<TokenBook> {
  const path = await findTokenFile(home, host)
  if (path === undefined) return { find: async () => 'unknown' }
  const load = createReader(path, host)
  return {
    find: async token => {
      if (!tokenForm.test(token)) return 'unknown'
      const file = await load()
      return file.kind === 'read' ? evaluateToken(token, file.tokens, host) : 'unknown'
    },
  }
}

// Every hash is compared: the duration does not reveal whether one matches.
function evaluateToken(
  token: string,
  tokens: readonly AccessToken[],
  { sha256, isSameSecret, clock }: BookHost,
): Caller | 'unknown' | 'expired' {
  const hash = sha256(token)
  const [found] = tokens.filter(each => isSameSecret(each.sha256, hash))
  if (found === undefined) return 'unknown'
  const { id, role, expires_at: end } = found
  if (end !== null && Date.parse(end) <= clock.now()) return 'expired'
  return { kind: 'token', tokenId: id, role }
}

/** File times come from a clock that ticks, every 10 ms at the slowest: two changes within a tick may have the same time. */
const tickMs = 20

/** Reads the file again whenever it has become another one. */
function createReader(path: string, host: ReadTokensHost & Pick<Host, 'clock'>): () => Promise<TokenFile> {
  let known: { readonly identity: string; readonly file: TokenFile } | undefined
  return async () => {
    // Checked before it is read: a change in between is noticed the next time.
    const { identity, isSettled } = await identify(path, host)
    if (known?.identity === identity) return known.file
    const file = await loadTokenFile(path, host)
    known = isSettled ? { identity, file } : undefined
    return file
  }
}

async function identify(
  path: string,
  { fs, path: { dirname }, clock }: ReadTokensHost & Pick<Host, 'clock'>,
): Promise<{ readonly identity: string; readonly isSettled: boolean }> {
  const orMissing = (info: Promise<Awaited<ReturnType<typeof fs.stat>>>) => info.catch(() => undefined)
  const [directory, file] = await Promise.all([orMissing(fs.stat(dirname(path))), orMissing(fs.lstat(path))])
  const around = directory && [directory.inode, directory.uid, directory.mode]
  const identity = JSON.stringify([around, file])
  return { identity, isSettled: file !== undefined && Math.abs(clock.now() - file.ctimeMs) > tickMs }
}

function addToken(tokens: readonly AccessToken[], token: AccessToken): readonly AccessToken[] {
  if (tokens.length < mostTokens) return [...tokens, token]
  throw new NexusError('input', `there are ${mostTokens} tokens already`, {
    hint: 'Revoke those that are not needed: nexus-registry token revoke ID',
  })
}

function toInfo({ sha256: _, ...info }: AccessToken): TokenInfo {
  return info
}

/** Base64 for addresses (RFC 4648, section 5), without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
