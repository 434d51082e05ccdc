import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { listenOnLoopback } from './listen-on-loopback.ts'

/** A request that an upstream was sent. */
export interface UpstreamCall {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
}

export interface Upstream {
  /** Address without a path. */
  readonly origin: string
  readonly port: number
  /** Address of its document. */
  readonly url: string
  /** Requests for the document. */
  readonly calls: readonly UpstreamCall[]
  /** Requests for anything else. */
  readonly others: readonly UpstreamCall[]
  /** Says how the next requests for the document are answered, one each; the last one goes on. */
  answer(...behaviours: Behaviour[]): void
  /** Says how requests for its health are answered; with 404 unless said otherwise. */
  answerHealth(behaviour: Behaviour): void
}

export type Behaviour = http.RequestListener

/** A real upstream on loopback that does what it is told, for one test. */
export async function startUpstream(...behaviours: Behaviour[]): Promise<Upstream> {
  const [calls, others]: [UpstreamCall[], UpstreamCall[]] = [[], []]
  let script = behaviours
  let health: Behaviour = status(404)
  const server = http.createServer((request, response) => {
    const isDocument = request.url === '/registry.json'
    const call = { path: request.url ?? '', headers: request.headers }
    if (!isDocument) {
      others.push(call)
      return health(request, response)
    }
    calls.push(call)
    const [next = status(500), ...rest] = script
    if (rest.length > 0) script = rest
    next(request, response)
  })
  const port = await listenOnLoopback(server)
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    port,
    url: `${origin}/registry.json`,
    calls,
    others,
    answer: (...next) => {
      script = next
    },
    answerHealth: next => {
      health = next
    },
  }
}

/** Answers with a document, as an upstream that knows about entity tags. */
export function document(
  content: unknown,
  headers: http.OutgoingHttpHeaders & { readonly etag?: string } = {},
): Behaviour {
  return (request, response) => {
    const isKnown = headers.etag !== undefined && request.headers['if-none-match'] === headers.etag
    response.writeHead(isKnown ? 304 : 200, { 'content-type': 'application/json', ...headers })
    response.end(isKnown ? undefined : toBody(content))
  }
}

function toBody(content: unknown): string | Uint8Array {
  return typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content)
}

/** Answers with a status and an empty body. */
export function status(code: number, headers: http.OutgoingHttpHeaders = {}): Behaviour {
  return (_, response) => response.writeHead(code, headers).end()
}

export const resetting: Behaviour = request => request.socket.resetAndDestroy()

export const hanging: Behaviour = () => undefined

export const dripping: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

/** Says that it sends more than it does, and breaks off. */
export const breakingOff: Behaviour = (_, response) =>
  response.writeHead(200, { 'content-length': 1000 }).write('{"a":', () => response.destroy())

/** Says that it sends less than it does. */
export const lying: Behaviour = (_, response) => {
  response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{"a": {"provider": "acme"}}')
}

/** 400 MB, and less than one when they are packed. */
export const bomb: Behaviour = (_, response) => {
  const member = gzipSync(Buffer.alloc(4_000_000, ' '))
  response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
  response.end(Buffer.concat(Array.from({ length: 100 }, () => member)))
}

/** Packs what it is given. */
export function packed(content: unknown): Behaviour {
  return (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
    response.end(gzipSync(toBody(content)))
  }
}
