import type { FastifyInstance, FastifyReply, FastifyRequest, preParsingHookHandler } from 'fastify'
import type { HttpRequest, HttpResponse, RunningServer, ServedRoute, ServerRequest } from '../http.ts'
import { createHttpServer, sendResponse } from './create-server.ts'
import { limitRequests, listenOn } from './listen-on.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The same, as routes see it: made once. */
    asked: HttpRequest | undefined
  }
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Starts a server: Fastify finds the route, reads the body and holds the bounds; what is answered is up to the routes. */
export async function serveHttp(request: ServerRequest): Promise<RunningServer> {
  const { default: Fastify } = await import('fastify')
  const { bounds, routes } = request
  const app = Fastify({
    logger: false,
    bodyLimit: bounds.bodyBytes,
    routerOptions: { maxParamLength: longestParam },
    // What may go wrong with the head of a request is answered here, not by Fastify in words of its own.
    frameworkErrors: (error, incoming, reply) => respondWithError(request, { error, incoming, reply }),
    serverFactory: handler => createHttpServer(request, handler),
  })
  takeAnyBody(app)
  app.decorateRequest('asked')
  const judgeRate = await limitRequests(app, bounds)
  app.addHook('onRequest', (incoming, reply, next) => {
    if (!hasOneHost(incoming.raw.rawHeaders))
      return respondWithError(request, { error: noOneHost, incoming, reply })
    incoming.asked = toHttpRequest(incoming)
    const refusal = request.screen(incoming.asked)
    if (refusal) return respond(request, { incoming, reply, answered: refusal })
    const judged = judgeRate(incoming)
    // A synchronous handler is not awaited.
    if (judged === undefined) return next()
    const refuse = (seconds: number) => {
      reply.header('retry-after', seconds)
      respondWithError(request, { error: tooMany, incoming, reply })
    }
    judged.then(seconds => (seconds > 0 ? refuse(seconds) : next()), next)
  })
  app.setErrorHandler((error, incoming, reply) => respondWithError(request, { error, incoming, reply }))
  answerNotFound(app, request)
  for (const route of routes) addRoute(app, request, route)
  for (const path of new Set(routes.map(route => route.path))) refuseOtherMethods(app, request, path)
  const place = await listenOn(app, request.address, { isSecure: request.tls !== undefined })
  return { ...place, stop: deadlineMs => stopServer(app, deadlineMs) }
}

/** Longest part of a path that varies, in characters: ids have 128 at most, and may be escaped. */
const longestParam = 512

const noOneHost = Object.assign(new Error('not one Host'), { statusCode: 400 })

// RFC 9112, 3.2. With several, the first would be checked here, and a proxy in between may check another one.
function hasOneHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts === 1
}

function takeAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
}

function addRoute(app: FastifyInstance, request: ServerRequest, route: ServedRoute): void {
  const { method, path, handle, admit } = route
  app.route({
    method,
    url: path,
    ...(admit && { preParsing: toGate(request, { admit, route: path }) }),
    handler: (incoming, reply) => {
      const startedAt = performance.now()
      const finish = (answered: HttpResponse) =>
        respond(request, { incoming, reply, route: path, answered, startedAt })
      const fail = (error: unknown) => respondWithError(request, { incoming, reply, route: path, error })
      try {
        const answered = handle(incoming.asked ?? toHttpRequest(incoming))
        if (answered instanceof Promise) answered.then(finish).catch(fail)
        else finish(answered)
      } catch (error) {
        fail(error)
      }
    },
  })
}

/** Lets in what is admitted: the bodies of all others never come into memory. */
function toGate(
  request: ServerRequest,
  { admit, route }: { readonly admit: NonNullable<ServedRoute['admit']>; readonly route: string },
): preParsingHookHandler {
  return (incoming, reply, _, next) => {
    admit(toHttpRequest(incoming)).then(
      refusal => {
        if (refusal) respond(request, { incoming, reply, route, answered: refusal })
        else next()
      },
      (error: unknown) => respondWithError(request, { error, incoming, reply, route }),
    )
  }
}

/** Responds to requests without a route before their bodies are read. */
function answerNotFound(app: FastifyInstance, request: ServerRequest): void {
  app.addHook('preParsing', (incoming, reply, _, next) => {
    if (!incoming.is404) return next()
    respond(request, { incoming, reply, answered: request.onStray(toHttpRequest(incoming), []) })
  })
  app.setNotFoundHandler(() => undefined)
}

const tooMany = Object.assign(new Error('too many requests'), { statusCode: 429 })

function refuseOtherMethods(app: FastifyInstance, request: ServerRequest, path: string): void {
  const known = request.routes.filter(route => route.path === path).map(({ method }) => method)
  const allowed = known.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  app.route({
    method: methods.filter(method => !allowed.includes(method)),
    url: path,
    // Before a body is read that no route needs.
    preParsing: (incoming, reply) =>
      respond(request, {
        incoming,
        reply,
        route: path,
        answered: request.onStray(toHttpRequest(incoming), allowed),
      }),
    handler: () => undefined,
  })
}

interface Exchange {
  readonly incoming: FastifyRequest
  readonly reply: FastifyReply
  /** Pattern of the route, where one was found. */
  readonly route?: string
}

interface Handler extends Exchange {
  readonly answered: HttpResponse
  readonly startedAt?: number
}

function respond(
  { onAnswered }: ServerRequest,
  { incoming, reply, answered, route, startedAt }: Handler,
): void {
  reply.hijack()
  sendResponse(answered, incoming.method, reply.raw)
  onAnswered?.({
    method: incoming.method,
    route,
    status: answered.status,
    durationMs: startedAt === undefined ? 0 : performance.now() - startedAt,
  })
}

function respondWithError(
  request: ServerRequest,
  { error, ...exchange }: Exchange & { readonly error: unknown },
): void {
  const status = statusOf(error)
  const { incoming, reply } = exchange
  const answered = request.onTrouble(status, toHttpRequest(incoming), status === 500 ? error : undefined)
  const headers = { ...takeRateHeaders(reply), ...answered.headers }
  respond(request, { ...exchange, answered: { ...answered, headers } })
}

// Those of its plug-ins are errors that know their status; all else is a defect.
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 600 ? status : 500
}

function takeRateHeaders(reply: FastifyReply): Record<string, string> {
  const names = ['retry-after']
  return Object.fromEntries(
    names.flatMap(name => {
      const value = reply.getHeader(name)
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
}

/** Frees the address at once, and lets requests under way finish until the deadline. */
async function stopServer(app: FastifyInstance, deadlineMs: number): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), deadlineMs)
  try {
    await app.close()
  } finally {
    clearTimeout(deadline)
  }
}

const nothing = new Uint8Array(0)

/** A request as routes see it. */
function toHttpRequest(incoming: FastifyRequest): HttpRequest {
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
