import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import { limits } from '../lib/limits.ts'
import type { Host } from '../platform/host.ts'
import type {
  FullResponse,
  HttpRequest,
  HttpResponse,
  ListenAddress,
  RunningServer,
  ServedRoute,
  ServerRequest,
} from '../platform/http.ts'
import type { Caller } from '../security/access.ts'
import { withSecurity } from './bodies.ts'
import { admitTo, decide, deny } from './decide.ts'
import { screenRequest, toHostPolicy } from './host-policy.ts'
import { type Identified, identifyCaller } from './identify-caller.ts'
import { isLarge, respondInThread } from './large-home.ts'
import { toProblem } from './problem.ts'
import type { Revision } from './revision.ts'
import type { Route, ServerContext } from './route.ts'
import { routes } from './routes/index.ts'
import type { ServeRequest } from './serve-request.ts'
import { recordDenial } from './write/audit.ts'

/** Listens on the address of a request, and serves all routes there. Throws a NexusError('serve') when it cannot. */
export async function listen(request: ServeRequest, context: ServerContext): Promise<RunningServer> {
  const { address, log } = request
  const policy = toHostPolicy(request)
  try {
    return await context.host.serveHttp({
      address,
      tls: request.tls,
      routes: routes.map(route => toServedRoute(route, context)),
      screen: incoming => {
        const refusal = screenRequest(incoming, policy)
        if (refusal?.status === 403) void recordDenial({ request: incoming, refusal }, context)
        return refusal && withSecurity(refusal)
      },
      onStray: (incoming, allowed) => withSecurity(explainNotFound(incoming, allowed)),
      onTrouble: (status, { method }, defect) => {
        if (defect !== undefined) log({ event: 'defect', method, error: toStack(defect) })
        return withSecurity(explainListenError(status))
      },
      onAnswered: answered => {
        const { method, route = null, status, durationMs } = answered
        context.metrics.note(answered)
        log({ event: 'answered', method, route, status, duration_ms: Math.round(durationMs * 100) / 100 })
      },
      bounds: toBounds(request, context.host),
    })
  } catch (cause) {
    throw explainListening(cause, request.address)
  }
}

// Files and the processes of a sync need descriptors, too.
const shareOfConnections = 5 / 8

function toBounds(
  { requestsPerMinute }: ServeRequest,
  { descriptorLimit }: Pick<Host, 'descriptorLimit'>,
): ServerRequest['bounds'] {
  return {
    bodyBytes: limits.requestBytes,
    headBytes: limits.requestHeadBytes,
    headTimeoutMs: limits.requestHeadMs,
    requestTimeoutMs: limits.requestMs,
    idleMs: limits.connectionIdleMs,
    connections: Math.min(limits.connections, Math.ceil(descriptorLimit() * shareOfConnections)),
    requestsPerMinute,
    requestsPerMinuteElsewhere: limits.requestsPerMinute,
  }
}

export function toStack(defect: unknown): string {
  return defect instanceof Error ? (defect.stack ?? defect.message) : errorMessage(defect)
}

/** Serves a route: identifies the caller, checks access, and chooses the thread. */
function toServedRoute(route: Route, context: ServerContext): ServedRoute {
  const { method, path } = route
  const { current, prompt } = context.catalog
  const findRevision = route.access === 'open' && route.isPrompt ? prompt : current
  const handle = (request: HttpRequest): HttpResponse | Promise<HttpResponse> => {
    const [caller, revision] = [identifyCaller(request, context), findRevision()]
    // Without promises: a turn of the event loop would be most of the cost of a response.
    if (caller instanceof Promise || revision instanceof Promise)
      return handleLater(caller, revision, request)
    return answer({ caller, revision, request })
  }
  const handleLater = async (
    waiting: Identified | Promise<Identified>,
    pending: Revision | Promise<Revision>,
    request: HttpRequest,
  ) => {
    const [caller, revision] = await Promise.all([waiting, pending])
    return answer({ caller, revision, request })
  }
  // Only routes of registries write: the end of a session is not recorded.
  const refuse = (request: HttpRequest, refusal: FullResponse) =>
    route.access === 'open' ? refusal : deny({ request, refusal }, context)
  const answer = ({ caller, revision, request }: IncomingRequest) => {
    const answered =
      'refusal' in caller ? refuse(request, caller.refusal) : answerCaller({ caller, revision, request })
    return answered instanceof Promise ? answered.then(withSecurity) : withSecurity(answered)
  }
  const answerCaller = (incoming: IncomingRequest & { readonly caller: Caller }) => {
    const answerHere = () => decide(route, incoming, context)
    const { revision, request } = incoming
    if (!route.isHeavy || !isLarge(revision.snapshot, request, context.host)) return answerHere()
    return respondInThread(route, incoming, context, answerHere)
  }
  const admit = async (request: HttpRequest) => {
    const caller = await identifyCaller(request, context)
    if ('refusal' in caller) return withSecurity(await refuse(request, caller.refusal))
    if (route.access === 'open') {
      const refusal = route.admit?.(request)
      return refusal && withSecurity(refusal)
    }
    const revision = await context.catalog.current()
    const found = admitTo(route, { request, caller, revision, view: revision.view(caller) })
    if (!('refusal' in found)) return undefined
    return withSecurity(await deny({ request, refusal: found.refusal, caller }, context))
  }
  return method === 'GET' ? { method, path, handle } : { method, path, handle, admit }
}

interface IncomingRequest {
  readonly caller: Identified
  readonly revision: Revision
  readonly request: HttpRequest
}

const listenErrors: Readonly<Record<number, { readonly detail: string; readonly hint: string }>> = {
  400: { detail: 'this is not a valid HTTP request', hint: 'Check the address and the headers' },
  408: { detail: 'the request was not complete in time', hint: 'Send it in one go' },
  413: {
    detail: `the body is too large: ${limits.requestBytes} bytes at most`,
    hint: 'Change single entries instead',
  },
  414: {
    detail: 'the address is too long',
    hint: 'See /openapi.json for the limits of ids and filters',
  },
  417: {
    detail: 'the expectation in Expect is not supported',
    hint: 'Only Expect: 100-continue is supported',
  },
  429: { detail: 'too many requests from this address', hint: 'Retry-After has the time to wait' },
  431: { detail: `the headers are too large: ${limits.requestHeadBytes} bytes at most`, hint: 'Send fewer' },
  500: { detail: 'this is a bug of the server', hint: 'See its log, and please report it' },
}

/** The response to a bad request, or to a bug of the server, without details of the bug. */
function explainListenError(status: number): HttpResponse {
  const { detail, hint } = listenErrors[status] ?? {
    detail: 'the request cannot be handled',
    hint: 'See /openapi.json',
  }
  return toProblem(status, detail, { hint })
}

/** Like /registries/models/openai/gpt-oss-120b. */
const slashed = /^\/(?:registries|explain)(?:\/[^/]+){3,}$/

/** The response to a request for an unknown path or method. */
function explainNotFound(request: HttpRequest, allowed: readonly string[]): HttpResponse {
  const [path = ''] = request.target.split('?')
  if (allowed.length === 0)
    return toProblem(404, `there is nothing at ${JSON.stringify(path)}`, {
      hint: slashed.test(path) ? 'A slash in an id is written as %2F' : 'See /openapi.json for all paths',
    })
  return toProblem(405, `${request.method} is not supported for ${JSON.stringify(path)}`, {
    hint: `Use ${allowed.join(', ')}`,
    headers: { allow: allowed.join(', ') },
  })
}

/** Explains why the server cannot listen on an address, and what to do. */
function explainListening(cause: unknown, address: ListenAddress): NexusError {
  const isSocket = address.kind === 'socket'
  const place = isSocket ? address.path : `${address.host}:${address.port}`
  const [reason, hint] = explain(cause, isSocket)
  return new NexusError('serve', `${place} ${reason}`, { hint, cause })
}

function explain(cause: unknown, isSocket: boolean): readonly [reason: string, hint: string] {
  switch (systemErrorCode(cause)) {
    case 'EADDRINUSE': {
      const hint = isSocket ? 'Name another --socket' : 'Name another --port; --port 0 takes a free one'
      return ['is taken by another process', hint]
    }
    case 'EACCES':
      return isSocket
        ? ['may not be listened on', 'Name a --socket in a directory that you may write to']
        : ['may not be listened on', 'Ports below 1024 are for root; name another one']
    case 'ENOENT':
      return [
        'cannot be listened on: its directory is not there',
        'Make the directory, or name another --socket',
      ]
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return ['is no address of this machine', 'Name one with --host, like 127.0.0.1 or ::1']
    default:
      return [`cannot be listened on: ${errorMessage(cause)}`, isSocket ? socketHint : portHint]
  }
}

const socketHint = 'Name another --socket'
const portHint = 'Check --host and --port, and that --cert and --key belong together'
