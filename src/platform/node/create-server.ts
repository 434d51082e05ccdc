import http, {
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type {
  FullResponse,
  HttpRequest,
  HttpResponse,
  ResponseStream,
  ServerBounds,
  ServerRequest,
  StreamedResponse,
} from '../http.ts'

const keepAliveMs = 10_000
/** How often connections that take too long are searched. */
const checkEveryMs = 500

/** Makes the server that connections are made to, with all bounds on them. It does not listen yet. */
export function createHttpServer(request: ServerRequest, handle: RequestListener): http.Server {
  const { bounds, tls } = request
  const latest = new WeakMap<Duplex, Exchange>()
  const listener: RequestListener = (incoming, response) => {
    latest.set(incoming.socket, { incoming, response })
    handle(incoming, response)
  }
  const options = toServerOptions(bounds)
  const server = tls
    ? https.createServer({ ...options, ...toSecureOptions(tls, bounds) }, listener)
    : http.createServer(options, listener)
  server.maxConnections = bounds.connections
  server.keepAliveTimeout = keepAliveMs
  // Node leaves out what comes after the first 2000, be it a second Host. Their size is bounded.
  server.maxHeadersCount = 0
  // A client that reads no more.
  server.timeout = bounds.idleMs
  const underWay = (socket: Duplex) => isUnderWay(latest.get(socket))
  server.closeIdleConnections = trackConnections(server, underWay)
  server.on('clientError', (error, socket) => {
    if (isAwaited(latest.get(socket))) answerMalformedRequest(error, socket, request)
    else socket.destroy()
  })
  server.on('checkContinue', (incoming: IncomingMessage, response: ServerResponse) => {
    // A client that sends `Expect: 100-continue` gets 100 when the body is read, and not before a refusal.
    incoming.once('resume', () => {
      if (!response.headersSent) response.writeContinue()
    })
    listener(incoming, response)
  })
  server.on('checkExpectation', ({ method = '' }: IncomingMessage, response: ServerResponse) =>
    sendResponse(request.onTrouble(417, unreadRequest, undefined), method, response),
  )
  return server
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
}

/** Whether a request has been read, and its response has not been sent. */
function isUnderWay(latest: Exchange | undefined): boolean {
  return latest !== undefined && !latest.response.writableFinished
}

/**
 * Whether the client of a malformed request waits for a response to it. In the middle of another response, or instead
 * of it, the client would misread this one.
 */
function isAwaited(latest: Exchange | undefined): boolean {
  if (latest === undefined) return true
  const { incoming, response } = latest
  return incoming.complete ? response.writableFinished : !response.headersSent
}

function toServerOptions(bounds: ServerBounds): http.ServerOptions {
  return {
    maxHeaderSize: bounds.headBytes,
    headersTimeout: bounds.headTimeoutMs,
    requestTimeout: bounds.requestTimeoutMs,
    connectionsCheckingInterval: checkEveryMs,
    // Checked with the other headers, so that the refusal has the same words.
    requireHostHeader: false,
  }
}

function toSecureOptions(
  { cert, key }: NonNullable<ServerRequest['tls']>,
  bounds: ServerBounds,
): https.ServerOptions {
  const pem = { cert: Buffer.from(cert), key: Buffer.from(key) }
  return { ...pem, minVersion: 'TLSv1.2', handshakeTimeout: bounds.headTimeoutMs }
}

/** Responds to a malformed or unfinished request, and closes the connection. */
function answerMalformedRequest(error: Error, socket: Duplex, { onTrouble }: ServerRequest): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
    socket.destroy()
    return
  }
  const answer = onTrouble(statusOf(error), unreadRequest, undefined)
  const body = 'stream' in answer || typeof answer.body !== 'string' ? '' : answer.body
  const headers = { ...answer.headers, connection: 'close', 'content-length': Buffer.byteLength(body) }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${head.join('')}\r\n${body}`)
}

const none = () => undefined

/** What is known of a request that could not be read. */
const unreadRequest: HttpRequest = {
  method: '',
  target: '',
  param: none,
  query: none,
  header: none,
  body: () => new Uint8Array(0),
  remoteAddress: undefined,
  onClosed: () => () => undefined,
}

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

function statusOf(error: Error): number {
  return ('code' in error && statuses[String(error.code)]) || 400
}

/** Sends a response as it is, and adds only its length. */
export function sendResponse(answer: HttpResponse, method: string, response: ServerResponse): void {
  // The client has gone while the response was made.
  if (response.destroyed) return
  if ('stream' in answer) openStream(answer, method, response)
  else sendWhole(answer, method, response)
}

function sendWhole(
  { status, headers, body, isFinal }: FullResponse,
  method: string,
  response: ServerResponse,
): void {
  if (status === 204 || status === 304) {
    response.writeHead(status, headers)
    response.end()
    return
  }
  if (isFinal) response.writeHead(status, headers)
  else {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
    response.writeHead(status, { ...headers, 'content-length': length })
  }
  if (method === 'HEAD') response.end()
  else response.end(body)
}

function openStream(
  { status, headers, stream }: StreamedResponse,
  method: string,
  response: ServerResponse,
): void {
  response.writeHead(status, headers)
  if (method === 'HEAD') {
    response.end()
    return
  }
  response.flushHeaders()
  stream(toStream(response))
}

function toStream(response: ServerResponse): ResponseStream {
  const gone = new AbortController()
  // A client that goes away in the middle is no error of the server.
  response.on('error', () => undefined)
  response.on('close', () => gone.abort())
  response.socket?.setNoDelay(true)
  return {
    write: text => response.write(text),
    waiting: () => response.writableLength,
    end: () => response.end(),
    drop: () => response.destroy(),
    closed: gone.signal,
  }
}

/** How often a stopping server closes connections that have become idle, in milliseconds. */
const sweepMs = 20

/**
 * Keeps track of the connections of a server. What is returned closes those on which no request is under way, now and
 * until the server has ended. Node itself counts connections without a request as busy, like those that browsers keep
 * ready, and keeps those that become idle afterwards: each stop would wait for them.
 */
function trackConnections(server: http.Server, isUnderWay: (socket: Socket) => boolean): () => void {
  const open = new Map<unknown, Socket>()
  const track = (socket: Socket) => {
    // That of TLS takes the place of the one below it.
    const key = socket.remotePort === undefined ? socket : `${socket.remoteAddress} ${socket.remotePort}`
    open.set(key, socket)
    socket.on('close', () => {
      if (open.get(key) === socket) open.delete(key)
    })
  }
  server.on('connection', track)
  server.on('secureConnection', track)
  const closeIdle = () => {
    for (const socket of open.values()) if (!isUnderWay(socket)) socket.destroy()
  }
  let sweeping: NodeJS.Timeout | undefined
  server.on('close', () => clearInterval(sweeping))
  return () => {
    closeIdle()
    sweeping ??= setInterval(closeIdle, sweepMs)
  }
}
