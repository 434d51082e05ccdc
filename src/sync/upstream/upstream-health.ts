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
  /** What has been answered by now, or a moment later: nothing waits for more. */
  settle(): Promise<UpstreamHealth>
}

interface HealthRequest extends UpstreamSource {
  readonly reach: NetworkReach
  readonly token: string | undefined
  /** Deadline, in milliseconds, should everything else take longer. */
  readonly timeoutMs: number
}

/** Time for an answer that is on its way when everything else is done, in milliseconds. */
const graceMs = 100

/** Asks an upstream how it judges its registry itself. Begins at once, beside everything else. */
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

/** A token, or why there is none though there should be: a sentence without its full stop. Neither: none is wanted. */
export type BearerToken =
  | { readonly token: string; readonly trouble?: undefined }
  | { readonly token?: undefined; readonly trouble: string | undefined }

type TokenHost = Pick<Host, 'env' | 'fs' | 'uid'>

const longestTokenFile = 4096

/** Token for an upstream, as the user's configuration names it for the address without its path. */
export async function loadBearerToken(
  url: string,
  { upstreams }: NetworkConfig,
  host: TokenHost,
): Promise<BearerToken> {
  const { origin } = new URL(url)
  const found = Object.entries(upstreams).find(([address]) => toOrigin(address) === origin)
  return found === undefined ? { trouble: undefined } : readToken(found[1], host)
}

/** All tokens that the user's configuration names, as far as they can be read: what must not be told. */
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
    return value ? toToken(value, tokenEnv) : { trouble: `its token is missing: ${tokenEnv} is not set` }
  }
  return tokenFile === undefined ? { trouble: undefined } : readTokenFile(tokenFile, host)
}

async function readTokenFile(path: string, host: TokenHost): Promise<BearerToken> {
  const info = await host.fs.stat(path).catch(() => undefined)
  if (info?.kind !== 'file') return { trouble: `its token is missing: ${path} is no file that can be read` }
  if (host.uid !== undefined && info.uid !== host.uid)
    return { trouble: `its token is not used: ${path} belongs to another user` }
  if (host.uid !== undefined && (info.mode & 0o077) !== 0)
    return { trouble: `its token is not used: others may use ${path} too (chmod 600 ${toShellWord(path)})` }
  const text = await host.fs.readText(path, longestTokenFile).catch(() => undefined)
  return text === undefined ? { trouble: `its token cannot be read from ${path}` } : toToken(text, path)
}

// What it is instead is not told: it may be a secret all the same.
function toToken(text: string, origin: string): BearerToken {
  const token = text.trim()
  return /^[\x21-\x7e]{1,4096}$/.test(token)
    ? { token }
    : { trouble: `what ${origin} holds is no token: one word of plain characters is expected` }
}

/** What every request to an upstream says: what is wanted, and who asks. */
export function toRequestHeaders(token: string | undefined): Readonly<Record<string, string>> {
  const accept = { accept: 'application/json' }
  return token === undefined ? accept : { ...accept, authorization: `Bearer ${token}` }
}
