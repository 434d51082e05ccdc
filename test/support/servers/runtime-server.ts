import http from 'node:http'
import { listenOnLoopback } from './listen-on-loopback.ts'

/** What a path responds: a body, JSON unless it is a text; with a status and headers where they are not 200 and none. */
export interface RuntimeReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Instead of all that. */
  readonly handle?: http.RequestListener
}

export interface RuntimeServer {
  readonly url: string
  readonly port: number
  /** Methods and paths that were requested, in order. */
  readonly requests: readonly string[]
  /** Values of `Authorization` and `X-Api-Key` that came in. */
  readonly keys: readonly string[]
}

/** A server on loopback for one test that responds as a runtime documents it, and with 404 to everything else. */
export async function startRuntimeServer(
  routes: Readonly<Record<string, RuntimeReply>>,
  otherwise: RuntimeReply = { status: 404, body: 'Not Found' },
): Promise<RuntimeServer> {
  const requests: string[] = []
  const keys: string[] = []
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const { authorization, 'x-api-key': key } = request.headers
    keys.push(...[authorization, key].flat().filter(value => value !== undefined))
    const reply = Object.hasOwn(routes, request.url ?? '') ? routes[request.url ?? ''] : undefined
    const { handle, status = 200, headers = {}, body = '' } = reply ?? otherwise
    if (handle) return handle(request, response)
    response.writeHead(status, headers)
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  const port = await listenOnLoopback(server)
  return { url: `http://127.0.0.1:${port}`, port, requests, keys }
}

/** A list of models in the form of OpenAI. */
export function modelList(...data: readonly object[]): RuntimeReply {
  return { body: { object: 'list', data: data.map(model => ({ object: 'model', ...model })) } }
}

/** A response in JSON. */
export function json(body: unknown): RuntimeReply {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}
