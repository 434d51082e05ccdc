import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback, toClientKey } from '../client-key.ts'
import type { ServerBounds } from '../http-server.ts'

/** Most addresses that are remembered. */
const addresses = 10_000

/** Judges a request by how many its address has sent: undefined when it may go on at once, else seconds to wait, or 0. */
export type JudgeRate = (request: FastifyRequest) => Promise<number> | undefined

/** Bounds how many requests an address may send. This machine's own are not counted unless a bound is asked for. */
export async function limitRequests(app: FastifyInstance, bounds: ServerBounds): Promise<JudgeRate> {
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
