import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import type { ServerBounds, ServerRequest } from '../http-server.ts'
import { answerBrokenCall, unreadRequest } from './answer-broken-call.ts'
import { sendAnswer } from './send-answer.ts'
import { trackConnections } from './track-connections.ts'

const keepAliveMs = 10_000
/** How often connections that take too long are looked for. */
const checkEveryMs = 500

/** Makes the server that connections are made to, with all bounds on them. It does not listen yet. */
export function createServer(request: ServerRequest, handle: RequestListener): http.Server {
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
  // A reader that takes nothing any more.
  server.timeout = bounds.idleMs
  const underWay = (socket: Duplex) => isUnderWay(latest.get(socket))
  server.closeIdleConnections = trackConnections(server, underWay)
  server.on('clientError', (error, socket) => {
    if (isAwaited(latest.get(socket))) answerBrokenCall(error, socket, request)
    else socket.destroy()
  })
  server.on('checkContinue', (incoming: IncomingMessage, response: ServerResponse) => {
    // Whoever asks first is told to go on when the body is wanted, and not before it is refused.
    incoming.once('resume', () => {
      if (!response.headersSent) response.writeContinue()
    })
    listener(incoming, response)
  })
  server.on('checkExpectation', ({ method = '' }: IncomingMessage, response: ServerResponse) =>
    sendAnswer(request.onTrouble(417, unreadRequest, undefined), method, response),
  )
  return server
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
}

/** Whether a request has been heard, and its answer has not been sent. */
function isUnderWay(latest: Exchange | undefined): boolean {
  return latest !== undefined && !latest.response.writableFinished
}

/**
 * Whether whoever made a call that is broken waits for an answer to it. In the middle of another answer, or instead of
 * it, that would be taken for what it is not.
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
    // Asked for where the others are, so that it is refused in the same words.
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
