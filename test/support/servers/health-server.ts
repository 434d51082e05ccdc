import http from 'node:http'
import { listenOnLoopback, portOf } from './listen-on-loopback.ts'

export interface HealthServer {
  readonly url: string
  readonly port: number
  /** Paths that it was asked for. */
  readonly asked: readonly string[]
  /** Headers of these requests, as they came, names and values in turn. */
  readonly headers: readonly (readonly string[])[]
  /** Most requests that were under way at once. */
  mostAtOnce(): number
}

/** How a service behaves. */
export const behaviours = {
  up: (_, response) => response.end('ok'),
  slow: (_, response) => setTimeout(() => response.end('ok'), 30),
  signingIn: (_, response) => response.writeHead(401).end(),
  failing: (_, response) => response.writeHead(500).end(),
  redirecting: (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
  hanging: () => undefined,
  dripping: (_, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('.'), 50)
    response.on('close', () => clearInterval(timer))
  },
  huge: (_, response) => {
    response.writeHead(200)
    const flood = () => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
      response.once('drain', flood)
    }
    flood()
  },
  breaking: (_, response) =>
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy()),
} as const satisfies Record<string, http.RequestListener>

/** A real service on loopback for one test. */
export async function startHealthServer(behaviour: keyof typeof behaviours): Promise<HealthServer> {
  const asked: string[] = []
  const headers: string[][] = []
  const counts = { open: 0, most: 0 }
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '')
    headers.push(request.rawHeaders)
    counts.open += 1
    counts.most = Math.max(counts.most, counts.open)
    response.on('close', () => {
      counts.open -= 1
    })
    behaviours[behaviour](request, response)
  })
  const port = await listenOnLoopback(server)
  return { url: `http://127.0.0.1:${port}`, port, asked, headers, mostAtOnce: () => counts.most }
}

/** A port of loopback on which nothing listens. */
export async function findFreePort(): Promise<number> {
  const server = http.createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  await new Promise(resolve => server.close(resolve))
  return port
}
