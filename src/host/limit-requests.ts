import type { FastifyInstance, FastifyRequest } from 'fastify'
import { toClientKey } from '../core/http/client-key.ts'
import type { ServerBounds } from '../core/http/http-server.ts'

/** Most addresses that are remembered. */
const addresses = 10_000

/** Bounds how many requests an address may send. */
export async function limitRequests(app: FastifyInstance, bounds: ServerBounds): Promise<void> {
  const { requestsPerMinute, requestsPerMinuteElsewhere } = bounds
  const { default: rateLimit } = await import('@fastify/rate-limit')
  await app.register(rateLimit, {
    global: true,
    max: requestsPerMinute ?? requestsPerMinuteElsewhere,
    timeWindow: 60_000,
    cache: addresses,
    keyGenerator: request => toClientKey(request.raw.socket.remoteAddress),
    allowList: request => requestsPerMinute === undefined && isFromHere(request),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
  })
}

function isFromHere({ raw: { socket } }: FastifyRequest): boolean {
  const { remoteAddress } = socket
  return remoteAddress === undefined || remoteAddress === '::1' || /^(::ffff:)?127\./.test(remoteAddress)
}
