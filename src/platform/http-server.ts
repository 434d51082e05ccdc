import type { HttpAnswer } from './http-answer.ts'
import type { HttpRequest } from './http-request.ts'

/** Methods that routes have; a route for GET answers HEAD as well. */
export type RouteMethod = 'GET' | 'PUT' | 'PATCH' | 'DELETE'

export interface ServedRoute {
  readonly method: RouteMethod
  /** Path with `:name` where a part varies. */
  readonly path: string
  /** Judges a request before its body is read; an answer refuses it. Rejects only for a defect. */
  readonly admit?: (request: HttpRequest) => Promise<HttpAnswer | undefined>
  /** Rejects only for a defect. Not waited for when it answers at once. */
  readonly handle: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>
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
  /** Judges a request before anything of it is read but its head; an answer refuses it. */
  readonly screen: (request: HttpRequest) => HttpAnswer | undefined
  /** What is answered where no route leads: 404, or 405 with the methods that there are. */
  readonly onStray: (request: HttpRequest, allowed: readonly string[]) => HttpAnswer
  /** What is answered when the call itself is wrong: 400, 408, 413, 414, 415, 429, 431, or for a defect 500. */
  readonly onTrouble: (status: number, request: HttpRequest, defect: unknown) => HttpAnswer
  /** Told of each answer when it has been sent. */
  readonly onAnswered?: (answered: Answered) => void
  readonly bounds: ServerBounds
}

export interface Answered {
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
  /** Time after which a connection on which nothing moves is closed, in milliseconds. */
  readonly idleMs: number
  /** Most connections at once. */
  readonly connections: number
  /** Requests that an address may send in a minute; undefined: any number, from this machine alone. */
  readonly requestsPerMinute: number | undefined
  /** Requests a minute of other machines where `requestsPerMinute` says nothing. */
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
