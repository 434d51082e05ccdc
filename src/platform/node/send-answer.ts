import type { ServerResponse } from 'node:http'
import type { AnswerStream, HttpAnswer, StreamedAnswer, WholeAnswer } from '../http-answer.ts'

/** Sends an answer as it is. Nothing is added but its length. */
export function sendAnswer(answer: HttpAnswer, method: string, response: ServerResponse): void {
  // Whoever asked has gone while the answer was made.
  if (response.destroyed) return
  if ('stream' in answer) openStream(answer, method, response)
  else sendWhole(answer, method, response)
}

function sendWhole(
  { status, headers, body, isFinal }: WholeAnswer,
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
  { status, headers, stream }: StreamedAnswer,
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

function toStream(response: ServerResponse): AnswerStream {
  const gone = new AbortController()
  // A reader that goes away in the middle is no fault of ours.
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
