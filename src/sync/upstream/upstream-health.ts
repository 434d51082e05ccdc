import type { NetworkConfig, UpstreamConfig } from '../../config/config.ts'
import { isJsonObject } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import type { Host, RequestHost } from '../../platform/host.ts'
import type { NetworkReach, WebResponse } from '../../platform/http.ts'
import { type SyncState, upstreamHealths } from '../../registry/sync-state.ts'
import { type UpstreamSource, upstreamHealthAddressOf } from '../../registry/upstream-source.ts'

export type UpstreamHealth = NonNullable<SyncState['upstream_health']>

interface HealthTarget {
  /** The health that has been reported by now, after a short grace period at most. */
  settle(): Promise<UpstreamHealth>
}

interface HealthRequest extends UpstreamSource {
  readonly reach: NetworkReach
  readonly token: string | undefined
  /** Deadline, in milliseconds, in case everything else takes longer. */
  readonly timeoutMs: number
}

/** Time for a reply when everything else is done, in milliseconds. */
const graceMs = 100

/** Requests the health that an upstream reports for its registry. Starts at once, beside the poll. */
export function requestUpstreamHealth(
  { name, url, reach, token, timeoutMs }: HealthRequest,
  host: RequestHost,
): HealthTarget {
  const enough = new AbortController()
  const stop = () => enough.abort()
  host.interrupted.addEventListener('abort', stop, { once: true })
  const answer = host.sendRequest({
    url: upstreamHealthAddressOf({ name, url }),
    reach,
    timeoutMs,
    maxBytes: limits.healthBytes,
    isBodyKept: true,
    signal: enough.signal,
    headers: toRequestHeaders(token),
  })
  return {
    settle: async () => {
      const timer = new AbortController()
      const grace = host.clock.sleep(graceMs, timer.signal).then(stop, () => undefined)
      const health = evaluateHealth(await answer)
      timer.abort()
      await grace
      host.interrupted.removeEventListener('abort', stop)
      return health
    },
  }
}

function evaluateHealth(answer: WebResponse): UpstreamHealth {
  if (answer.outcome !== 'answered' || answer.status === 404) return 'unknown'
  const said = readStatus(answer.body)
  if (said !== undefined) return said
  return answer.status >= 500 ? 'failed' : 'unknown'
}

function readStatus(body: Uint8Array): UpstreamHealth | undefined {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(body))
    return isJsonObject(document) ? upstreamHealths.find(health => health === document.status) : undefined
  } catch {
    return undefined
  }
}

/** A token, or why it cannot be used: a sentence without its full stop. Neither when none is configured. */
export type BearerToken =
  | { readonly token: string; readonly problem?: undefined }
  | { readonly token?: undefined; readonly problem: string | undefined }

type TokenHost = Pick<Host, 'env' | 'fs' | 'uid'>

const longestTokenFile = 4096

/** Loads the token that the user's configuration names for the origin of an upstream. */
export async function loadBearerToken(
  url: string,
  { upstreams }: NetworkConfig,
  host: TokenHost,
): Promise<BearerToken> {
  const { origin } = new URL(url)
  const found = Object.entries(upstreams).find(([address]) => toOrigin(address) === origin)
  return found === undefined ? { problem: undefined } : readToken(found[1], host)
}

/** Loads all tokens that the user's configuration names, if they can be read: output must not contain them. */
export async function loadSecrets({ upstreams }: NetworkConfig, host: TokenHost): Promise<string[]> {
  const read = await Promise.all(Object.values(upstreams).map(config => readToken(config, host)))
  return read.flatMap(({ token }) => token ?? [])
}

function toOrigin(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined
}

async function readToken(config: UpstreamConfig, host: TokenHost): Promise<BearerToken> {
  const { tokenEnv, tokenFile } = config
  if (tokenEnv !== undefined) {
    const value = host.env[tokenEnv]
    return value ? toToken(value, tokenEnv) : { problem: `its token is missing: ${tokenEnv} is not set` }
  }
  return tokenFile === undefined ? { problem: undefined } : readTokenFile(tokenFile, host)
}

async function readTokenFile(path: string, host: TokenHost): Promise<BearerToken> {
  const info = await host.fs.stat(path).catch(() => undefined)
  if (info?.kind !== 'file') return { problem: `its token is missing: ${path} is not a readable file` }
  if (host.uid !== undefined && info.uid !== host.uid)
    return { problem: `its token is not used: ${path} belongs to another user` }
  if (host.uid !== undefined && (info.mode & 0o077) !== 0)
    return { problem: `its token is not used: others may use ${path} too (chmod 600 ${toShellWord(path)})` }
  const text = await host.fs.readText(path, longestTokenFile).catch(() => undefined)
  return text === undefined ? { problem: `its token cannot be read from ${path}` } : toToken(text, path)
}

// The message omits the content: it may be a secret all the same.
function toToken(text: string, origin: string): BearerToken {
  const token = text.trim()
  return /^[\x21-\x7e]{1,4096}$/.test(token)
    ? { token }
    : { problem: `the content of ${origin} is not a token: one word of plain characters is expected` }
}

/** Headers of every request to an upstream. */
export function toRequestHeaders(token: string | undefined): Readonly<Record<string, string>> {
  const accept = { accept: 'application/json' }
  return token === undefined ? accept : { ...accept, authorization: `Bearer ${token}` }
}
