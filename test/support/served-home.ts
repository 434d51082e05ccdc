import { cp, mkdir } from 'node:fs/promises'
import http from 'node:http'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import { createServeRenderers } from '../../src/cli/serve-renderers.ts'
import type { ServeEvent } from '../../src/core/serve-event.ts'
import type { Signal } from '../../src/core/signal.ts'
import { serve } from '../../src/features/serve/serve.ts'
import type { ServeRequest } from '../../src/features/serve/serve-request.ts'
import type { Role } from '../../src/schema/access.ts'
import { createToken } from '../../src/store/tokens.ts'
import { type HomeTexts, writeHome } from './sound-home.ts'
import { createTestHost, type TestHost, type TestHostOptions } from './test-host.ts'

export interface ServedHome {
  readonly url: string
  /** Directory of the registries. */
  readonly home: string
  readonly host: TestHost
  /** Everything that the server has told so far. */
  readonly events: readonly ServeEvent[]
  /** A fresh token; one that ends at `expiresAt`, milliseconds since 1970. */
  readonly token: (role: Role, expiresAt?: number | null) => Promise<string>
  readonly ask: (path: string, question?: Question) => Promise<Answer>
  readonly stop: () => Promise<void>
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

export interface ServedHomeOptions {
  /** Texts of the home; the shipped registries when there are none. */
  readonly texts?: Partial<HomeTexts>
  readonly request?: Partial<ServeRequest>
  readonly host?: TestHostOptions
}

/** Serves a fresh home on a free port, in this process, until the test is done. */
export async function serveHome(options: ServedHomeOptions = {}): Promise<ServedHome> {
  const host = await createTestHost(options.host)
  const home = nodePath.join(host.directory, 'home')
  if (options.texts) await writeHome(await makeDirectory(home), options.texts)
  else await cp('registries', home, { recursive: true })
  const events: ServeEvent[] = []
  const listeners: ((signal: Signal) => void)[] = []
  const { url, ended } = await begin(home, options.request, {
    host: { ...host, takeSignals: listener => void listeners.push(listener) },
    hear: event => void events.push(event),
  })
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
  const stop = async () => {
    agent.destroy()
    for (const tell of listeners) tell('SIGTERM')
    await ended
  }
  onTestFinished(stop)
  return {
    url,
    home,
    host,
    events,
    stop,
    token: async (role, expiresAt = null) =>
      (await createToken(home, { role, note: null, expiresAt }, host)).token,
    ask: (path, question) => ask(`${url}${path}`, agent, question),
  }
}

async function makeDirectory(path: string): Promise<string> {
  await mkdir(path, { mode: 0o700 })
  return path
}

async function begin(
  directory: string,
  request: ServedHomeOptions['request'],
  { host, hear }: { readonly host: TestHost; readonly hear: (event: ServeEvent) => void },
): Promise<{ readonly url: string; readonly ended: Promise<unknown> }> {
  const render = await createServeRenderers()
  return new Promise((resolve, reject) => {
    const ended = serve(
      {
        home: { directory, origin: 'flag' },
        address: { kind: 'port', host: '127.0.0.1', port: 0 },
        tls: undefined,
        allowedHosts: [],
        requestsPerMinute: undefined,
        poller: undefined,
        render,
        tell: event => {
          hear(event)
          if (event.event === 'serving') resolve({ url: event.url, ended })
        },
        ...request,
      },
      host,
    )
    ended.catch(reject)
  })
}

/** Sends a request as it is said, with nothing added and nothing put right. */
export function ask(url: string, agent: http.Agent, question: Question = {}): Promise<Answer> {
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
