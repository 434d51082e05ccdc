import { parsePlainJson } from '../lib/json/parse-plain-json.ts'
import type { Host, UserFilesHost } from '../platform/host.ts'
import { stateDirectory, storedName } from '../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../registry/home/files.ts'
import { findStartTime } from '../registry/lock/lock-state.ts'
import { toBase64Url } from './tokens.ts'

// The user who runs a server opens its page with a link. The server writes a secret into a file that only this user can
// read, so a process that can sign the token of a link acts for this user. No request is needed to make a link.

/** A running server, as its file in the state directory describes it. */
export interface OwnerServer {
  /** Address for programs on this machine, without a slash at its end. */
  readonly url: string
  readonly pid: number
  /** Start time of that process; empty when the system does not report it. */
  readonly startTime: string
  /** Signs the tokens of links. */
  readonly secret: string
}

type FindHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'sha256' | 'processes'>
type SignHost = Pick<Host, 'clock' | 'randomBytes' | 'hmacSha256'>

/** How long a link can be opened, in milliseconds. */
export const linkMs = 60_000
/** Largest file that is read, in bytes. */
const mostBytes = 4096
const schema = 'nexus-registry server 1'

export function createOwnerSecret(host: Pick<Host, 'randomBytes'>): string {
  return toBase64Url(host.randomBytes(32))
}

/**
 * Writes the file of a server. It replaces that of an earlier server of the home. Returns a function that removes it when
 * it is still the same. Throws a NexusError('write').
 */
export async function publishOwnerServer(
  home: string,
  { url, secret }: Pick<OwnerServer, 'url' | 'secret'>,
  host: UserFilesHost & Pick<Host, 'processes'>,
): Promise<() => Promise<void>> {
  const path = await findFile(home, host)
  if (path === undefined) throw new Error('neither HOME nor XDG_STATE_HOME is set')
  const { pid } = host.processes
  const startTime = (await findStartTime(pid, host)) ?? ''
  const text = `${JSON.stringify({ schema, url, pid, start_time: startTime, secret }, null, 2)}\n`
  await writePrivateFile(path, text, host, { isDurable: false })
  return async () => {
    if ((await readServer(path, host))?.secret === secret) await host.fs.remove(path)
  }
}

/** The server of a home that runs on this machine for this user; undefined when there is none. Never rejects. */
export async function findOwnerServer(home: string, host: FindHost): Promise<OwnerServer | undefined> {
  const path = await findFile(home, host)
  const server = path === undefined ? undefined : await readServer(path, host)
  if (server === undefined) return undefined
  // The pid of a killed server may belong to another process by now.
  const startTime = (await findStartTime(server.pid, host)) ?? ''
  return startTime === server.startTime ? server : undefined
}

async function findFile(home: string, host: Omit<FindHost, 'processes'>): Promise<string | undefined> {
  const directory = stateDirectory(host)
  const real = await host.fs.realPath(home).catch(() => host.path.resolve(home))
  return directory && host.path.join(directory, 'servers', `${storedName(real, host)}.json`)
}

// A link, a file of another user, or one that others can read is not used: its secret may not be the server's alone.
async function readServer(
  path: string,
  host: Pick<Host, 'fs' | 'path' | 'uid'>,
): Promise<OwnerServer | undefined> {
  try {
    const mode = (await host.fs.lstat(path))?.mode ?? 0
    if (host.uid !== undefined && (mode & 0o077) !== 0) return undefined
    return parseServer((await readPrivateFile(path, mostBytes, host)) ?? '')
  } catch {
    return undefined
  }
}

function parseServer(text: string): OwnerServer | undefined {
  const value = parsePlainJson(text)?.value
  if (typeof value !== 'object' || value === null || !('schema' in value)) return undefined
  const [url, pid, startTime, secret] = ['url', 'pid', 'start_time', 'secret'].map(key =>
    Reflect.get(value, key),
  )
  const isKnown = value.schema === schema && typeof url === 'string' && URL.canParse(url)
  if (!isKnown || typeof pid !== 'number' || typeof startTime !== 'string') return undefined
  return typeof secret === 'string' ? { url, pid, startTime, secret } : undefined
}

/** A new link to the page of a server. It can be opened once, for `linkMs`. */
export function createOwnerLink(
  { url, secret }: Pick<OwnerServer, 'url' | 'secret'>,
  host: SignHost,
): string {
  const [expires, nonce] = [String(Math.round(host.clock.now() + linkMs)), toBase64Url(host.randomBytes(16))]
  // A fragment is in no request, so in no log of a server or proxy.
  return `${url}/#token=${expires}.${nonce}.${sign({ expires, nonce }, secret, host)}`
}

/** The parts of a token that were signed with this secret; undefined for any other text. */
export function parseLinkToken(
  token: string,
  secret: string,
  host: Pick<Host, 'hmacSha256' | 'isSameSecret'>,
): { readonly expiresAt: number; readonly nonce: string } | undefined {
  const [, expires, nonce, mac] = /^(\d{13})\.([\w-]{22})\.([\da-f]{64})$/.exec(token) ?? []
  if (expires === undefined || nonce === undefined || mac === undefined) return undefined
  if (!host.isSameSecret(mac, sign({ expires, nonce }, secret, host))) return undefined
  return { expiresAt: Number(expires), nonce }
}

function sign(
  { expires, nonce }: { readonly expires: string; readonly nonce: string },
  secret: string,
  { hmacSha256 }: Pick<Host, 'hmacSha256'>,
): string {
  return hmacSha256(secret, `nexus-registry link 1 ${expires} ${nonce}`)
}
