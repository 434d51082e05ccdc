import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpRequest } from '../http-request.ts'
import type { ServerRequest } from '../http-server.ts'

/** Answers what is no request, or did not come to its end in time, and hangs up. */
export function answerBrokenCall(error: Error, socket: Duplex, { onTrouble }: ServerRequest): void {
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
export const unreadRequest: HttpRequest = {
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
