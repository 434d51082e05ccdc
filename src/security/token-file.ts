import { errorMessage, NexusError } from '../lib/errors.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { Host } from '../platform/host.ts'
import {
  explainForeignControl,
  openPrivateDirectory,
  stateDirectory,
  storedName,
  writing,
} from '../registry/home/directories.ts'
import { acquireLock, type LockHost } from '../registry/lock/acquire-lock.ts'
import { defaultLockLimits, tokenFileName } from '../registry/lock/lock-state.ts'
import { type AccessToken, accessTokensSchema } from '../registry/schema/access.ts'

type PlaceHost = Pick<Host, 'env' | 'userHome' | 'path' | 'fs' | 'sha256'>
export type ReadTokensHost = Pick<Host, 'fs' | 'path' | 'uid'>
export type UpdateTokensHost = PlaceHost & ReadTokensHost & LockHost

/** What the file of tokens holds. When it cannot be believed, no token is valid. */
export type TokenFile =
  | { readonly kind: 'read'; readonly tokens: readonly AccessToken[] }
  /** `reason` ends a sentence that begins with the path. */
  | { readonly kind: 'unusable'; readonly path: string; readonly reason: string }

/** Largest file that is read, in bytes. */
const mostBytes = 2 * 1024 * 1024

/** File of the tokens of a home, however it is named; undefined when there is no state directory. */
export async function findTokenFile(home: string, host: PlaceHost): Promise<string | undefined> {
  const directory = stateDirectory(host)
  const real = await host.fs.realPath(home).catch(() => host.path.resolve(home))
  return directory && host.path.join(directory, 'tokens', storedName(real, host), tokenFileName)
}

/** Reads the file of tokens. One that is not there holds none. Never rejects. */
export async function loadTokenFile(path: string, host: ReadTokensHost): Promise<TokenFile> {
  try {
    const reason = await explainDoubt(path, host)
    if (reason !== undefined) return { kind: 'unusable', path, reason }
    const text = await host.fs.readText(path, mostBytes)
    return text === undefined ? { kind: 'read', tokens: [] } : parseTokens(path, text)
  } catch (error) {
    return { kind: 'unusable', path, reason: `cannot be read: ${errorMessage(error)}` }
  }
}

/**
 * Changes the tokens of a home, under a lock: what any other process does meanwhile is either read here or comes after.
 * Throws a NexusError, and then the old ones stay.
 */
export async function updateTokens(
  home: string,
  edit: (tokens: readonly AccessToken[]) => readonly AccessToken[],
  host: UpdateTokensHost,
): Promise<void> {
  const path = await findTokenFile(home, host)
  if (path === undefined) throw toHomelessError()
  const directory = host.path.dirname(path)
  await openPrivateDirectory(directory, host)
  for (let round = 0; round < defaultLockLimits.tries; round++) {
    const lock = await writing(directory, () => acquireLock(directory, defaultLockLimits, host))
    try {
      const text = renderTokens(edit(requireTokens(await loadTokenFile(path, host))))
      await writing(path, () => lock.stage(tokenFileName, text, { keep: 0o600 }))
      if (await writing(path, () => lock.commit())) return
    } finally {
      // The update has happened or not, whatever becomes of the lock: the next owner clears up.
      await lock.release().catch(() => undefined)
    }
  }
  throw new NexusError('lock', `${path} was taken over by other processes again and again`, {
    hint: 'Find the program that keeps changing it, and try again',
  })
}

/** The tokens of a file that can be believed. Throws a NexusError('input') for any other. */
export function requireTokens(file: TokenFile): readonly AccessToken[] {
  if (file.kind === 'read') return file.tokens
  throw new NexusError('input', `${file.path} ${file.reason}: no token is valid`, { hint: howToRepair(file) })
}

/** What to do about a file that cannot be believed. */
export function howToRepair({ path }: Extract<TokenFile, { kind: 'unusable' }>): string {
  return `Remove ${path}, and create the tokens anew`
}

// Who can exchange the file can give himself a token.
async function explainDoubt(path: string, host: ReadTokensHost): Promise<string | undefined> {
  const [directory, file] = await Promise.all([host.fs.stat(host.path.dirname(path)), host.fs.lstat(path)])
  if (directory === undefined || file === undefined) return undefined
  if (file.kind !== 'file') return 'is not a file'
  const own = explainForeignControl(file, host)
  if (own !== undefined) return own
  const around = explainForeignControl(directory, host)
  return around && `lies in a directory that ${around}`
}

function parseTokens(path: string, text: string): TokenFile {
  const { value, errors } = parseJson(text)
  const data = errors.length === 0 ? accessTokensSchema.safeParse(value).data : undefined
  return data ? { kind: 'read', tokens: data.tokens } : { kind: 'unusable', path, reason: 'is damaged' }
}

function renderTokens(tokens: readonly AccessToken[]): string {
  return `${JSON.stringify({ tokens }, null, 2)}\n`
}

function toHomelessError(): NexusError {
  return new NexusError('write', 'Tokens cannot be kept: neither HOME nor XDG_STATE_HOME is set', {
    hint: 'Set XDG_STATE_HOME to a directory of yours',
  })
}
