/** Methods of routes; a route for GET handles HEAD as well. */
export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface ServedRoute {
  readonly method: RouteMethod
  /** Path with `:name` where a part varies. */
  readonly path: string
  /** Checks a request before its body is read; a response refuses it. Rejects only for a bug. */
  readonly admit?: (request: HttpRequest) => Promise<HttpResponse | undefined>
  /** Rejects only for a bug. A response without a promise is sent at once. */
  readonly handle: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>
}

/** Where a server listens. */
export type ListenAddress =
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  /** A socket in the file system, which this user alone may connect to. */
  | { readonly kind: 'socket'; readonly path: string }

export interface ServerRequest {
  readonly address: ListenAddress
  /** Certificate and private key, PEM. */
  readonly tls?: { readonly cert: Uint8Array; readonly key: Uint8Array } | undefined
  readonly routes: readonly ServedRoute[]
  /** Checks the head of a request before the rest is read; a response refuses it. */
  readonly screen: (request: HttpRequest) => HttpResponse | undefined
  /** Response for requests without a route: 404, or 405 with the methods that there are. */
  readonly onStray: (request: HttpRequest, allowed: readonly string[]) => HttpResponse
  /** Response for malformed requests: 400, 408, 413, 414, 415, 429, 431, and for a bug: 500. */
  readonly onTrouble: (status: number, request: HttpRequest, defect: unknown) => HttpResponse
  /** Called after each response has been sent. */
  readonly onAnswered?: (answered: HandledRequest) => void
  readonly bounds: ServerBounds
}

export interface HandledRequest {
  readonly method: string
  /** Pattern of the route, like `/registries/:name`; undefined where none leads. */
  readonly route: string | undefined
  readonly status: number
  readonly durationMs: number
}

export interface ServerBounds {
  /** Largest body of a request, in bytes. */
  readonly bodyBytes: number
  /** Largest head of a request, in bytes. */
  readonly headBytes: number
  /** Time for the head of a request, and for all of it, in milliseconds. */
  readonly headTimeoutMs: number
  readonly requestTimeoutMs: number
  /** Time after which an idle connection is closed, in milliseconds. */
  readonly idleMs: number
  /** Most connections at once. */
  readonly connections: number
  /** Requests that an address may send in a minute; undefined: any number, from this machine alone. */
  readonly requestsPerMinute: number | undefined
  /** Requests a minute of other machines where `requestsPerMinute` is undefined. */
  readonly requestsPerMinuteElsewhere: number
}

export interface RunningServer {
  /** Address to reach it at, like `http://127.0.0.1:4780`, or the path of its socket. */
  readonly url: string
  /** Port that it listens on; undefined for a socket. */
  readonly port: number | undefined
  /** Takes no more requests, lets those under way finish within a deadline, and frees the address. */
  readonly stop: (deadlineMs: number) => Promise<void>
}

/** Starts a server. Rejects with the system's error when the address cannot be listened on, and for a certificate that is none. */
export type ServeHttp = (request: ServerRequest) => Promise<RunningServer>

/** Names and values of a response's header fields, in lower case. */
export type HttpHeaders = Readonly<Record<string, string>>

/** A response of the server. */
export type HttpResponse = FullResponse | StreamedResponse

export interface FullResponse {
  readonly status: number
  readonly headers: HttpHeaders
  /** Text is sent as UTF-8. Not sent to HEAD, nor with 204 and 304. */
  readonly body: Uint8Array | string
  /** Whether no headers are added any more: for a response that is sent again and again. */
  readonly isFinal?: true
}

export interface StreamedResponse {
  readonly status: number
  readonly headers: HttpHeaders
  /** Takes the open connection; the stream's signal aborts when its reader has gone. */
  readonly stream: (stream: ResponseStream) => void
}

/** A connection that stays open. */
export interface ResponseStream {
  /** False when its reader is too slow and what was written waits in memory. */
  readonly write: (text: string) => boolean
  /** Bytes that wait in memory for the reader. */
  readonly waiting: () => number
  /** Ends it when all that was written has been read. */
  readonly end: () => void
  /** Ends it at once, whatever waits. */
  readonly drop: () => void
  /** Aborted when either side closes the connection. */
  readonly closed: AbortSignal
}

/** A request from outside: untrusted input. */
export interface HttpRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly target: string
  /** A part of the path that varies, decoded. */
  readonly param: (name: string) => string | undefined
  /** Decoded; of a name that comes several times the first value. */
  readonly query: (name: string) => string | undefined
  /** By name in lower case; of those that come several times, joined by commas. */
  readonly header: (name: string) => string | undefined
  /** Empty where there is none, and until it has been read. */
  readonly body: () => Uint8Array
  /** Address that it came from; undefined for a socket in the file system. */
  readonly remoteAddress: string | undefined
  /** Calls a listener when the client has closed its connection; what is returned takes that back. */
  readonly onClosed: (listener: () => void) => () => void
}

export interface WebRequest {
  /** Address of http or https. */
  readonly url: string
  readonly reach: NetworkReach
  /** GET unless said otherwise. */
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Deadline of the whole response, in milliseconds. */
  readonly timeoutMs: number
  /** Most bytes read of the response, uncompressed. */
  readonly maxBytes: number
  /** Whether the body of the response is returned; if not, a long one is cut off. */
  readonly isBodyKept: boolean
  readonly signal?: AbortSignal
}

/**
 * Which addresses may be requested: this machine alone; those alone that are listed, as addresses, ranges like `10.0.0.0/8`,
 * or `localhost`; or the internet, and of this machine and the networks near it those that are listed.
 */
export type NetworkReach =
  | { readonly kind: 'loopback' }
  | { readonly kind: 'listed'; readonly addresses: readonly string[] }
  | { readonly kind: 'public'; readonly alsoPrivate: readonly string[] }

/**
 * How a request ended. `out-of-reach`: its name leads to an address that is not allowed, and no request was sent.
 * `refused`: no process listens there. `failed`: it broke off, or speaks something else.
 */
export type WebResponse =
  | {
      readonly outcome: 'answered'
      readonly status: number
      /** By name in lower case. */
      readonly headers: Readonly<Record<string, string>>
      /** Empty when it is not kept. */
      readonly body: Uint8Array
    }
  | { readonly outcome: 'refused' | 'timed-out' | 'out-of-reach' | 'too-large' }
  | {
      readonly outcome: 'failed'
      readonly reason: string
      /** The system here had no descriptor or memory left: that proves nothing about the other side. */
      readonly isOurs?: true
    }

/**
 * What stands for a client when it is bounded: an IPv4 address, and of IPv6 the network of 64 bits, out of which a
 * single machine may take any address it likes. This machine is one client, whichever of its loopback addresses it
 * takes. Empty for a socket in the file system.
 */
export function toClientKey(address: string | undefined): string {
  if (address === undefined) return ''
  const plain = address.toLowerCase().replace(/^::ffff:(?=[\d.]+$)/, '')
  if (isLoopback(address)) return 'localhost'
  // On one link, neighbours share the first 64 bits.
  if (!plain.includes(':') || plain.startsWith('fe80:')) return plain
  const [head = ''] = plain.split('::')
  const groups = head.split(':').filter(group => group !== '')
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':')
}

/** Whether an address is one of this machine's own, to itself. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./i.test(address)
}

/** Compressions of a body, as `Content-Encoding` names them. */
export type Encoding = 'br' | 'gzip'
