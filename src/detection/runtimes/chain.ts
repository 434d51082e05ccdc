import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { RequestHost } from '../../platform/host.ts'
import type { NetworkReach, WebResponse } from '../../platform/http.ts'
import { isRefusal, type Reply, type Runtime, type RuntimeFacts, type RuntimeSession } from './runtime.ts'
import { runtimes } from './runtimes.ts'

/** A header with a key that may be sent to a runtime. */
export type KeyHeader = Readonly<Record<string, string>>

export interface ChainRequest {
  /** Address without a slash at the end. */
  readonly url: string
  readonly reach: NetworkReach
  /** The runtimes that are expected there, and the key that each of them may get. */
  readonly expected: ReadonlyMap<Runtime, KeyHeader | undefined>
}

/** What responds at an address. */
export type ChainResult =
  | {
      readonly kind: 'runtime'
      readonly runtime: Runtime
      readonly facts: RuntimeFacts
      /** Milliseconds to the end of the first response, to a tenth. */
      readonly latencyMs: number
    }
  /** Another program: `name` of a runtime that is not expected there, `status` of its first response. */
  | {
      readonly kind: 'other'
      readonly name: string | undefined
      readonly status: number
      readonly latencyMs: number
    }
  /** Nothing listens there. */
  | { readonly kind: 'refused' }
  /** Something listens, and no response is complete. `reason` is a phrase that follows the address. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** It is not known what is there. `reason` as above. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** Time that requests may take, shared by chains that begin together. */
export interface ChainTime {
  /** Aborted when it is over. */
  readonly over: AbortSignal
  /** Ends the count. */
  readonly stop: () => void
}

/** How often the time is counted, and the most that counts each time, in milliseconds. */
const tick = { everyMs: 10, mostMs: 15 } as const

/**
 * Counts the time for chains. While the rest of a sync keeps this thread busy, it hardly counts: a response that waits to
 * be read is not late.
 */
export function startChainTime({ clock }: Pick<RequestHost, 'clock'>): ChainTime {
  const over = new AbortController()
  const stopped = new AbortController()
  const count = async () => {
    let left: number = limits.runtimeTotalMs
    for (let before = clock.elapsed(); left > 0; ) {
      await clock.sleep(Math.min(left, tick.everyMs), stopped.signal)
      const now = clock.elapsed()
      left -= Math.min(now - before, tick.mostMs)
      before = now
    }
    over.abort()
  }
  // It rejects when it is stopped.
  count().catch(() => undefined)
  return { over: over.signal, stop: () => stopped.abort() }
}

/** Sends the requests of one address, one after the other, until their time is over. */
export async function runChain(
  request: ChainRequest,
  time: ChainTime,
  host: RequestHost,
): Promise<ChainResult> {
  const chain = openChain(request, time, host)
  const order = Object.values(runtimes).filter(runtime => request.expected.has(runtime))
  for (const runtime of order) {
    if (!(await runtime.recognize(chain.session(undefined).get))) {
      const end = chain.end()
      if (end !== undefined) return end
      continue
    }
    const facts = await runtime.read(chain.session(request.expected.get(runtime)))
    return { kind: 'runtime', runtime, facts, latencyMs: chain.first()?.latencyMs ?? 0 }
  }
  const first = chain.first()
  if (first === undefined) return { kind: 'unknown', reason: 'was not queried' }
  const name = await nameStranger(chain.recall, request.expected)
  return { kind: 'other', name, status: first.status, latencyMs: first.latencyMs }
}

/** The runtime that the responses so far tell, if any. Sends nothing. */
async function nameStranger(
  recall: (path: string) => Reply,
  expected: ChainRequest['expected'],
): Promise<string | undefined> {
  for (const runtime of Object.values(runtimes)) {
    // Jan is recognized by little more than its port.
    if (expected.has(runtime) || runtime === runtimes.jan) continue
    if (await runtime.recognize(async path => recall(path))) return runtime.name
  }
  return undefined
}

interface FirstResponse {
  readonly status: number
  readonly latencyMs: number
}

interface Chain {
  /** Requests with and without this key. */
  session(key: KeyHeader | undefined): RuntimeSession
  /** The response to a path that was requested, else an empty one. */
  recall(path: string): Reply
  /** The first complete response. */
  first(): FirstResponse | undefined
  /** Why no further request makes sense; undefined while one does. */
  end(): ChainResult | undefined
}

function openChain({ url, reach }: ChainRequest, { over }: ChainTime, host: RequestHost): Chain {
  const start = host.clock.elapsed()
  const replies = new Map<string, Promise<Reply>>()
  const known = new Map<string, Reply>()
  let first: FirstResponse | undefined
  let end: ChainResult | undefined
  const request = async (path: string, headers: KeyHeader | undefined): Promise<WebResponse> => {
    const response = await host.sendRequest({
      url: `${url}${path}`,
      reach,
      timeoutMs: 4 * limits.runtimeTotalMs,
      ...(headers && { headers }),
      maxBytes: limits.runtimeBytes,
      isBodyKept: true,
      signal: AbortSignal.any([host.interrupted, over]),
    })
    return over.aborted && response.outcome === 'failed' ? late : response
  }
  const send = async (path: string, headers: KeyHeader | undefined): Promise<Reply> => {
    const response = over.aborted ? late : await request(path, headers)
    host.interrupted.throwIfAborted()
    const reply = toReply(response)
    // Once one response is complete, something is there, whatever becomes of the next ones.
    if (response.outcome === 'answered' || response.outcome === 'too-large')
      first ??= { status: reply.status, latencyMs: toTenths(host.clock.elapsed() - start) }
    else if (first === undefined || response.outcome === 'timed-out') end ??= toEnd(response, reply)
    return reply
  }
  const get = async (path: string): Promise<Reply> => {
    const before = replies.get(path)
    if (before !== undefined) return before
    const sent = send(path, undefined)
    replies.set(path, sent)
    known.set(path, await sent)
    return sent
  }
  return {
    session: key => ({
      get,
      getWithKey: async path => {
        const reply = await get(path)
        return key !== undefined && isRefusal(reply) ? send(path, key) : reply
      },
    }),
    recall: path => known.get(path) ?? noReply,
    first: () => first,
    end: () => end,
  }
}

const late = { outcome: 'timed-out' } as const

const noReply: Reply = { status: 0, server: '', text: '', json: undefined }

function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10
}

function toReply(response: WebResponse): Reply {
  if (response.outcome !== 'answered') return { ...noReply, failure: describeFailure(response) }
  const { status, headers, body } = response
  const text = new TextDecoder().decode(body)
  return { status, server: headers.server ?? '', text, json: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Unanswered = Exclude<WebResponse, { readonly outcome: 'answered' }>

function describeFailure(response: Unanswered): string {
  switch (response.outcome) {
    case 'refused':
      return 'was refused'
    case 'timed-out':
      return `did not respond within ${limits.runtimeTotalMs} ms`
    case 'too-large':
      return `responds with more than ${limits.runtimeBytes / 1024 / 1024} MiB`
    case 'out-of-reach':
      return 'leads to another machine, which allow_private does not list: no request was sent'
    case 'failed':
      return `does not speak HTTP as expected: ${toCleanText(response.reason)}`
  }
}

function toEnd(response: WebResponse, { failure: reason = '' }: Reply): ChainResult {
  if (response.outcome === 'refused') return { kind: 'refused' }
  if (response.outcome === 'failed' && !response.isOurs) return { kind: 'broken', reason }
  return { kind: 'unknown', reason }
}
