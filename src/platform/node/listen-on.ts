import { chmod, lstat, stat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  isLoopback,
  type ListenAddress,
  type RunningServer,
  type ServerBounds,
  toClientKey,
} from '../http.ts'

/** Has a server listen, and says where to reach it. */
export async function listenOn(
  app: FastifyInstance,
  address: ListenAddress,
  { isSecure }: { readonly isSecure: boolean },
): Promise<Pick<RunningServer, 'url' | 'port'>> {
  if (address.kind === 'socket') {
    await listenOnSocket(app, address.path)
    return { url: address.path, port: undefined }
  }
  await app.listen({ host: address.host, port: address.port })
  const bound = app.server.address()
  const port = typeof bound === 'object' && bound ? bound.port : address.port
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return { url: `${isSecure ? 'https' : 'http'}://${host}:${port}`, port }
}

// sun_path of Linux and of macOS, with its end. libuv cuts off what is longer, and listens somewhere else.
const longestSocket = process.platform === 'linux' ? 107 : 103

async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  if (process.platform !== 'win32' && Buffer.byteLength(path) > longestSocket)
    throw new Error(`the path of a socket has ${longestSocket} bytes at most`)
  // Otherwise the system reports a missing permission.
  if (process.platform !== 'win32') await stat(dirname(path))
  const there = await lstat(path).catch(() => undefined)
  if (there && !there.isSocket()) throw new Error('something else is there, which is no socket')
  if (there && (await isForsaken(path))) await unlink(path)
  // No other user may connect, from the start on.
  const usual = process.umask(0o177)
  try {
    await app.listen({ path })
  } finally {
    process.umask(usual)
  }
  await chmod(path, 0o600)
}

/** Whether no process listens on a socket any more. Other files refuse connections as well: check the kind before. */
function isForsaken(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', error => resolve('code' in error && error.code === 'ECONNREFUSED'))
  })
}

/** Most addresses that are remembered. */
const addresses = 10_000

/** Limits the requests of an address: undefined when this one may go on, else seconds to wait, or 0. */
type LimitRate = (request: FastifyRequest) => Promise<number> | undefined

/** Bounds how many requests an address may send. This machine's own are not counted unless there is a limit for them. */
export async function limitRequests(app: FastifyInstance, bounds: ServerBounds): Promise<LimitRate> {
  const { requestsPerMinute, requestsPerMinuteElsewhere } = bounds
  const { default: rateLimit } = await import('@fastify/rate-limit')
  await app.register(rateLimit, {
    // Its own hook would have every request wait for a promise.
    global: false,
    max: requestsPerMinute ?? requestsPerMinuteElsewhere,
    timeWindow: 60_000,
    cache: addresses,
    keyGenerator: request => toClientKey(request.raw.socket.remoteAddress),
  })
  const check = app.createRateLimit()
  const count = async (request: FastifyRequest) => {
    const found = await check(request)
    return !found.isAllowed && found.isExceeded ? found.ttlInSeconds : 0
  }
  if (requestsPerMinute !== undefined) return count
  return request => (isFromHere(request) ? undefined : count(request))
}

function isFromHere({ raw: { socket } }: FastifyRequest): boolean {
  const { remoteAddress } = socket
  return remoteAddress === undefined || isLoopback(remoteAddress)
}
