import pLimit from 'p-limit'
import { limits } from '../../lib/limits.ts'
import type { Host, RequestHost } from '../../platform/host.ts'
import type { NetworkReach, WebResponse } from '../../platform/http.ts'
import type { Microservice } from '../../registry/schema/microservice.ts'
import type { Provider } from '../../registry/schema/provider.ts'

/** Where a service tells its health; undefined when its entry names no such path. It may live below a path of its own. */
export function healthAddressOf({
  url,
  health_endpoint: endpoint,
}: Pick<Microservice, 'url' | 'health_endpoint'>): string | undefined {
  if (endpoint === undefined) return undefined
  const { origin, pathname } = new URL(url)
  return `${origin}${withoutEndSlashes(pathname)}${endpoint}`
}

/**
 * What is requested of a provider to see whether it answers. What stands behind a question mark may be a key. An endpoint
 * is for questions to models, which cost something.
 */
export function providerAddressOf({
  base_url: base,
  endpoint,
}: Pick<Provider, 'base_url' | 'endpoint'>): string {
  const { origin, pathname } = new URL(base ?? endpoint)
  return base === undefined ? `${origin}/` : `${origin}${pathname}`
}

// An expression for this takes quadratic time on slashes within.
function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

interface TimedResponse {
  readonly answer: WebResponse
  /** Milliseconds to the end of the answer, to a tenth; null when there was none. */
  readonly latencyMs: number | null
}

/** Asks an address, with no key and nothing else that tells who asks, and takes the time. Nothing of the answer is kept. */
export async function sendTimedRequest(
  {
    url,
    reach,
    timeoutMs,
  }: { readonly url: string; readonly reach: NetworkReach; readonly timeoutMs: number },
  host: RequestHost,
): Promise<TimedResponse> {
  const start = host.clock.elapsed()
  const answer = await host.sendRequest({
    url,
    reach,
    timeoutMs,
    maxBytes: limits.healthBytes,
    isBodyKept: false,
    signal: host.interrupted,
  })
  host.interrupted.throwIfAborted()
  const took = Math.round((host.clock.elapsed() - start) * 10) / 10
  return { answer, latencyMs: answer.outcome === 'answered' ? took : null }
}

/** How one is asked, and what is said of one whose turn did not come in time. */
interface RequestQueue<Item, Answer> {
  readonly ask: (item: Item) => Promise<Answer>
  readonly totalMs: number
  readonly toLate: (item: Item) => Answer
}

/** Asks all, a few at once, until their time together is over. Rejects only when the user interrupts. */
export async function requestInTurn<Item, Answer>(
  items: readonly Item[],
  { ask, totalMs, toLate }: RequestQueue<Item, Answer>,
  host: Pick<Host, 'clock' | 'interrupted'>,
): Promise<Answer[]> {
  const limit = pLimit(limits.peersAtOnce)
  const end = host.clock.elapsed() + totalMs
  const answers = items.map(item =>
    limit(async () => {
      host.interrupted.throwIfAborted()
      return host.clock.elapsed() < end ? ask(item) : toLate(item)
    }),
  )
  return Promise.all(answers)
}
