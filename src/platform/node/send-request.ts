import dns from 'node:dns'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import ipaddr from 'ipaddr.js'
import { errorMessage, isShortage, systemErrorCode } from '../../lib/errors.ts'
import type { Environment } from '../host.ts'
import type { NetworkReach, WebRequest, WebResponse } from '../http.ts'

/**
 * Sends one request, and returns the response if it is complete in time. The address is checked in the connection's own
 * look-up, so that no name can lead elsewhere between a check and the connection. Redirects are responses, and are not
 * followed. Where the environment names a proxy, that one makes the connection: only literal addresses are judged then.
 */
export async function sendRequest(
  request: WebRequest,
  lookup: typeof dns.lookup = dns.lookup,
  env: Environment = process.env,
): Promise<WebResponse> {
  const url = new URL(request.url)
  // A look-up is only made for names.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (net.isIP(literal) !== 0 && !isWithinReach(literal, request.reach)) return { outcome: 'out-of-reach' }
  const limit = startTimeLimit(request.timeoutMs, request.signal)
  try {
    const { signal } = limit
    const route = mayUseProxy(request, env) ? await routeByProxy(url, env, signal) : undefined
    const direct = { signal, lookup: createLookup(request.reach, lookup) }
    const isPlainAddress = url.protocol === 'http:' && net.isIP(literal) !== 0
    return await exchange(
      url,
      request,
      route ?? { options: isPlainAddress ? await connectFirst(url, literal, signal) : direct },
    )
  } catch (error) {
    return limit.isOver() ? { outcome: 'timed-out' } : toWebResponse(error)
  } finally {
    limit.clear()
  }
}

// Most addresses of services and runtimes refuse: that is known before a request is made, which takes far longer.
async function connectFirst({ port }: URL, host: string, signal: AbortSignal): Promise<http.RequestOptions> {
  const socket = net.connect({ host, port: port === '' ? 80 : Number(port), signal })
  // The request reports what goes wrong later.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  // Without an agent it is called for the connection.
  return { signal, agent: undefined, createConnection: () => socket }
}

/** How a request is sent. */
interface Route {
  readonly options: http.RequestOptions
  /** Of the proxy that it is sent to. */
  readonly protocol?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The proxy that reads the request itself. */
  readonly proxy?: {
    readonly explainError: (error: unknown) => string
    readonly explainStatus: (status: number) => string
  }
}

const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']

// What may be on this machine or on listed addresses alone is requested directly: behind a proxy it would be elsewhere.
function mayUseProxy({ reach }: WebRequest, env: Environment): boolean {
  return reach.kind === 'public' && proxyVariables.some(name => env[name])
}

async function routeByProxy(url: URL, env: Environment, signal: AbortSignal): Promise<Route | undefined> {
  const { explainProxyError, explainStatus, findProxy, openTunnel, toForwardedOptions } = await import(
    './proxy.ts'
  )
  const proxy = findProxy(url, env)
  if (proxy === undefined) return undefined
  if (url.protocol === 'http:') {
    return {
      options: { ...toForwardedOptions(url, proxy), signal },
      protocol: proxy.url.protocol,
      headers: { host: url.host, ...proxy.headers },
      proxy: {
        explainError: error => explainProxyError(proxy, error),
        explainStatus: status => explainStatus(proxy, status),
      },
    }
  }
  const createConnection = await openTunnel(url, proxy, signal)
  // Without an agent it is called for the connection.
  return { options: { signal, agent: undefined, defaultPort: 443, createConnection } }
}

function exchange(
  url: URL,
  request: WebRequest,
  { options, protocol = url.protocol, headers: added, proxy }: Route,
): Promise<WebResponse> {
  const { method = 'GET', headers, body } = request
  // What most requests do without is loaded by those that need it: together it takes longer than a request nearby.
  const { request: send } = protocol === 'https:' ? process.getBuiltinModule('node:https') : http
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(proxy ? new Error(proxy.explainError(error)) : error)
    const call = send(url, {
      method,
      agent: false,
      ...options,
      headers: { ...headers, ...added, 'accept-encoding': 'gzip', connection: 'close' },
    })
    call.on('response', response => {
      const finish = (answer: WebResponse) => {
        resolve(answer)
        call.destroy()
      }
      if (proxy && response.statusCode === 407)
        return finish({ outcome: 'failed', reason: proxy.explainStatus(407) })
      receive(response, request).then(finish, fail)
    })
    call.on('error', fail)
    call.end(body)
  })
}

/** Reads a response to its end, or as far as the caller needs it. Rejects when it breaks off. */
function receive(response: http.IncomingMessage, { maxBytes, isBodyKept }: WebRequest): Promise<WebResponse> {
  const status = response.statusCode ?? 0
  const headers = toHeaders(response.headers)
  return new Promise((resolve, reject) => {
    const body = decode(response, reject)
    const chunks: Buffer[] = []
    let bytes = 0
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (isBodyKept) chunks.push(chunk)
      if (bytes <= maxBytes) return
      // A caller that needs only the status does not wait for the rest.
      resolve(isBodyKept ? { outcome: 'too-large' } : { outcome: 'answered', status, headers, body: nothing })
      body.destroy()
    })
    body.on('end', () => resolve({ outcome: 'answered', status, headers, body: Buffer.concat(chunks) }))
    body.on('error', reject)
    response.on('error', reject)
  })
}

const nothing = new Uint8Array()

function decode(
  response: http.IncomingMessage,
  reject: (error: Error) => void,
): NodeJS.ReadableStream & {
  destroy(): unknown
} {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return response
  if (encoding !== 'gzip') reject(new Error(`it is encoded as ${encoding}, which was not requested`))
  return response.pipe(process.getBuiltinModule('node:zlib').createGunzip())
}

// Headers that may come several times are lists in Node: no caller reads any of those.
function toHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

const outOfReach = 'EOUTOFREACH'

function createLookup(reach: NetworkReach, lookup: typeof dns.lookup): net.LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const within = addresses.filter(({ address }) => isWithinReach(address, reach))
      const [first] = within
      if (first === undefined)
        return callback(Object.assign(new Error(`${hostname} is elsewhere`), { code: outOfReach }), '')
      if (options.all) callback(null, within)
      else callback(null, first.address, first.family)
    })
  }
}

function toWebResponse(error: unknown): WebResponse {
  const codes = [error, ...(error instanceof AggregateError ? error.errors : [])].map(systemErrorCode)
  if (codes.includes(outOfReach)) return { outcome: 'out-of-reach' }
  if (codes.includes('ECONNREFUSED')) return { outcome: 'refused' }
  return {
    outcome: 'failed',
    reason: errorMessage(error),
    ...(isShortage(error) && { isOurs: true as const }),
  }
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * Whether an address may be requested. Everything that is not plainly a public host counts as private: loopback, link-local
 * (where clouds keep their credentials), networks at home and of carriers, multicast, what is reserved, and addresses of
 * IPv6 that lead to one of IPv4.
 */
export function isWithinReach(address: string, reach: NetworkReach): boolean {
  if (!ipaddr.isValid(address)) return false
  // An address of IPv4 in the clothes of IPv6 is the one of IPv4.
  const parsed = ipaddr.process(address)
  const range = parsed.range()
  if (reach.kind === 'loopback') return range === 'loopback'
  if (reach.kind === 'listed') return reach.addresses.some(allowed => matches(parsed, allowed))
  return range === 'unicast' || reach.alsoPrivate.some(allowed => matches(parsed, allowed))
}

function matches(address: Address, allowed: string): boolean {
  if (allowed === 'localhost') return address.range() === 'loopback'
  if (ipaddr.isValid(allowed)) return ipaddr.process(allowed).toString() === address.toString()
  if (!ipaddr.isValidCIDR(allowed)) return false
  const [network, bits] = ipaddr.parseCIDR(allowed)
  return network.kind() === address.kind() && address.match(network, bits)
}

interface TimeLimit {
  /** Aborted when the time is over, or by the other signal. */
  readonly signal: AbortSignal
  isOver(): boolean
  /** Call it at the end: it frees everything. */
  clear(): void
}

/**
 * A signal for so many milliseconds. `AbortSignal.any` would do the same, but in Node 20 each use leaves something behind
 * with a signal that lives as long as the process.
 */
function startTimeLimit(ms: number, other: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController()
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    controller.abort()
  }, ms)
  const stop = () => controller.abort(other?.reason)
  if (other?.aborted) stop()
  other?.addEventListener('abort', stop, { once: true })
  return {
    signal: controller.signal,
    isOver: () => isOver,
    clear: () => {
      clearTimeout(timer)
      other?.removeEventListener('abort', stop)
    },
  }
}
