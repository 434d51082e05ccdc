import http from 'node:http'
import { text } from 'node:stream/consumers'
import { listenOnLoopback } from './listen-on-loopback.ts'

/** How a webhook answers. */
export type WebhookBehaviour = 'takes it' | 'fails' | 'leads elsewhere' | 'hangs'

export interface AlertServer {
  readonly url: string
  readonly host: string
  /** What was posted to it, parsed. */
  readonly posted: unknown[]
  /** Method, path and type of what was sent. */
  readonly requests: string[]
  behaviour: WebhookBehaviour
}

/** A real webhook on loopback for one test. */
export async function startAlertServer(behaviour: WebhookBehaviour = 'takes it'): Promise<AlertServer> {
  const state = { posted: [] as unknown[], requests: [] as string[], behaviour }
  const server = http.createServer(async (request, response) => {
    state.requests.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    state.posted.push(JSON.parse(await text(request)))
    answer(response, state.behaviour)
  })
  const port = await listenOnLoopback(server)
  const host = `127.0.0.1:${port}`
  return Object.assign(state, { host, url: `http://${host}/hooks/hidden?key=hidden` })
}

function answer(response: http.ServerResponse, behaviour: WebhookBehaviour): void {
  switch (behaviour) {
    case 'takes it':
      response.end('ok')
      return
    case 'fails':
      response.writeHead(500).end()
      return
    case 'leads elsewhere':
      response.writeHead(302, { location: '/elsewhere' }).end()
      return
    case 'hangs':
      return
  }
}
