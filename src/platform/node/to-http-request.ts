import type { FastifyRequest } from 'fastify'
import type { HttpRequest } from '../http-request.ts'

const nothing = new Uint8Array(0)

/** A request as routes see it. */
export function toHttpRequest(incoming: FastifyRequest): HttpRequest {
  const { headers, raw } = incoming
  return {
    method: incoming.method,
    target: incoming.url,
    param: name => takeText(incoming.params, name),
    query: name => takeText(incoming.query, name),
    header: name => takeText(headers, name),
    body: () => (incoming.body instanceof Uint8Array ? incoming.body : nothing),
    remoteAddress: raw.socket.remoteAddress,
    onClosed: listener => {
      raw.socket.once('close', listener)
      return () => raw.socket.off('close', listener)
    },
  }
}

function takeText(values: unknown, name: string): string | undefined {
  if (typeof values !== 'object' || values === null || !Object.hasOwn(values, name)) return undefined
  const value: unknown = Reflect.get(values, name)
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}
