import http from 'node:http'
import { onTestFinished } from 'vitest'
import type { Role } from '../../../src/registry/schema/access.ts'
import type { ServeEvent, ServeRequest } from '../../../src/server/serve-request.ts'
import type { TestHost } from '../test-host.ts'
import { startServedHome } from './served-home.ts'
import type { HomeTexts } from './valid-home.ts'

export interface ExactHome {
  readonly url: string
  /** Directory of the registries. */
  readonly home: string
  readonly host: TestHost
  readonly events: readonly ServeEvent[]
  /** A fresh token; one that ends at `expiresAt`, milliseconds since 1970. */
  readonly token: (role: Role, expiresAt?: number | null) => Promise<string>
  /** Sends a request as it is said, with nothing added and nothing put right. */
  readonly ask: (path: string, question?: Question) => Promise<Answer>
}

export interface Question {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Address on loopback that it comes from. */
  readonly from?: string
}

export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
}

export interface ExactHomeOptions {
  /** Texts of the home; the shipped registries when there are none. */
  readonly texts?: HomeTexts
  readonly request?: Partial<ServeRequest>
}

/** A served home that is asked to the letter, as `fetch` does not do it. */
export async function serveExactHome({ texts, request = {} }: ExactHomeOptions = {}): Promise<ExactHome> {
  const served = await startServedHome({ request, ...(texts && { texts }) })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
  onTestFinished(() => agent.destroy())
  const { url, home, host, told: events, token } = served
  return {
    url,
    home,
    host,
    events,
    token,
    ask: (path, question) => ask(`${url}${path}`, agent, question),
  }
}

function ask(url: string, agent: http.Agent, question: Question = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, from } = question
  return new Promise((resolve, reject) => {
    const { hostname, port, origin } = new URL(url)
    const path = url.slice(origin.length)
    const local = from === undefined ? {} : { localAddress: from }
    const call = http.request({ hostname, port, path, method, headers, agent, ...local }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      if (response.headers['content-type']?.startsWith('text/event-stream')) endSoon(response)
      response.on('error', reject)
      response.on('close', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}

/** Time for what a stream that never ends has to say at first, in milliseconds. */
const streamMs = 50

function endSoon(response: http.IncomingMessage): void {
  setTimeout(() => {
    response.removeAllListeners('error')
    response.on('error', () => undefined)
    response.destroy()
  }, streamMs)
}
