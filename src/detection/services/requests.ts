import pLimit from 'p-limit'
import { limits } from '../../lib/limits.ts'
import type { Host, RequestHost } from '../../platform/host.ts'
import type { NetworkReach, WebResponse } from '../../platform/http.ts'
import type { Microservice } from '../../registry/schema/microservice.ts'
import type { Provider } from '../../registry/schema/provider.ts'

/** The health address of a service; undefined when its entry has no health path. It may live below a path of its own. */
export function healthAddressOf({
  url,
  health_endpoint: endpoint,
}: Pick<Microservice, 'url' | 'health_endpoint'>): string | undefined {
  if (endpoint === undefined) return undefined
  const { origin, pathname } = new URL(url)
  return `${origin}${withoutEndSlashes(pathname)}${endpoint}`
}

/**
 * The address that shows whether a provider responds. It has no query, which may contain a key, and is no endpoint, because
 * requests to models cost money. Undefined when its host is a template like `https://{resource}.example.com`.
 */
export function providerAddressOf({
  base_url: base,
  endpoint,
}: Pick<Provider, 'base_url' | 'endpoint'>): string | undefined {
  const { origin, pathname } = new URL(base ?? endpoint)
  if (origin.includes('{')) return undefined
  return base === undefined ? `${origin}/` : `${origin}${pathname}`
}

// An expression for this takes quadratic time on slashes within.
function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

interface TimedResponse {
  readonly response: WebResponse
  /** Milliseconds to the end of the response, to a tenth; null when there was none. */
  readonly latencyMs: number | null
}

interface TimedRequest {
  readonly url: string
  readonly reach: NetworkReach
  readonly timeoutMs: number
  /** The default is none: then nothing identifies the caller. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Sends a GET request, and measures the time. Keeps nothing of the response but its status. */
export async function sendTimedRequest(
  { url, reach, timeoutMs, headers }: TimedRequest,
  host: RequestHost,
): Promise<TimedResponse> {
  const start = host.clock.elapsed()
  const response = await host.sendRequest({
    url,
    reach,
    timeoutMs,
    ...(headers && { headers }),
    maxBytes: limits.healthBytes,
    isBodyKept: false,
    signal: host.interrupted,
  })
  host.interrupted.throwIfAborted()
  const took = Math.round((host.clock.elapsed() - start) * 10) / 10
  return { response, latencyMs: response.outcome === 'answered' ? took : null }
}

/** How to check one item, and the result of an item for which no time is left. */
interface RequestQueue<Item, Result> {
  readonly check: (item: Item) => Promise<Result>
  readonly totalMs: number
  readonly toLate: (item: Item) => Result
}

/** Asks all, a few at once, until their time together is over. Rejects only when the user interrupts. */
export async function requestOneByOne<Item, Result>(
  items: readonly Item[],
  { check, totalMs, toLate }: RequestQueue<Item, Result>,
  host: Pick<Host, 'clock' | 'interrupted'>,
): Promise<Result[]> {
  const limit = pLimit(limits.peersAtOnce)
  const end = host.clock.elapsed() + totalMs
  const results = items.map(item =>
    limit(async () => {
      host.interrupted.throwIfAborted()
      return host.clock.elapsed() < end ? check(item) : toLate(item)
    }),
  )
  return Promise.all(results)
}
