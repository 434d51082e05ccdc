import type { Host } from '../platform/host.ts'
import type { FullResponse, HttpRequest, HttpResponse } from '../platform/http.ts'
import { toTaskPlace, type WorkerOutcome } from '../platform/worker-task.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { registryNames } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { Caller } from '../security/access.ts'
import { openAuditLog } from '../security/audit-log.ts'
import { type Catalog, openCatalog } from './catalog.ts'
import { decide } from './decide.ts'
import { toClientName } from './identify-caller.ts'
import { toProblem } from './problem.ts'
import type { Call } from './revision.ts'
import type { HeavyRoute, Route, ServerContext } from './route.ts'
import type { HomeContext, ServeEvent } from './serve-request.ts'

// Work on a large home would block all other requests. So another thread reads the home itself, checks access by what it
// has read, and makes the response.

/** Upper bound for a request to the largest home on a busy machine, in milliseconds. */
const timeoutMs = 120_000
/** Time for a write to end when the server stops, in milliseconds. */
const graceMs = 300

/** Whether another thread handles heavy routes: the home and the body are large. */
export function isLarge(
  { registries }: Snapshot,
  request: HttpRequest,
  { workers }: Pick<Host, 'workers'>,
): boolean {
  const sizes = registryNames.map(name => registries[name].text?.length ?? 0)
  return sizes.reduce((sum, size) => sum + size, request.body().length) >= workers.bulkBytes
}

/** Has another thread handle a request; without one this thread does. */
export async function respondInThread(
  route: HeavyRoute,
  { request, caller }: Pick<Call, 'request' | 'caller'>,
  context: ServerContext,
  answerHere: () => HttpResponse | Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { catalog, ended, home, host, log, platformRoot } = context
  const isWrite = route.method !== 'GET'
  const input: LargeRequest = {
    home,
    platformRoot,
    path: route.path,
    caller,
    request: toPlainRequest(request),
  }
  const kind = isWrite ? 'answer-write' : 'answer-request'
  const outcome = await host.workers.doBulk(
    { kind, input, place: toTaskPlace(host) },
    // Writes wait for each other on the lock anyway: all are one client.
    {
      timeoutMs,
      client: isWrite ? 'writes' : toClientName(caller, request),
      signal: ended,
      graceMs: isWrite ? graceMs : 0,
    },
  )
  if (outcome.outcome === 'failed' && outcome.hasBegun !== true) return answerHere()
  if (outcome.outcome !== 'done') return toError(outcome, isWrite)
  if (!isThreadAnswer(outcome.result)) throw new Error('the thread returned an unknown result')
  const { answer, events } = outcome.result
  for (const event of events) log(event)
  // The next request of the client sees its write.
  if (isWrite) await catalog.refresh()
  return answer
}

function toError(
  outcome: Exclude<WorkerOutcome<unknown>, { outcome: 'done' }>,
  isWrite: boolean,
): FullResponse {
  if (outcome.outcome === 'failed') throw new Error(outcome.reason)
  const headers = { 'retry-after': '1' }
  const hint = isWrite ? 'GET it to see whether it was changed' : 'Try again later'
  if (outcome.outcome === 'cancelled') return toProblem(503, 'the server is about to stop', { hint, headers })
  if (outcome.outcome === 'too-many')
    return toProblem(429, 'too many of your requests are waiting already', {
      hint: 'Wait for the other responses',
      headers,
    })
  const detail = outcome.outcome === 'busy' ? 'too many requests are waiting already' : 'it took too long'
  return toProblem(503, detail, { hint: outcome.outcome === 'busy' ? 'Try again later' : hint, headers })
}

/** What the thread needs besides the host. */
interface ThreadContext extends Pick<ServerContext, 'render'> {
  readonly routes: readonly Route[]
}

/** Handles a request in the other thread, which keeps its catalog for the next request. */
export async function respondToLargeRequest(
  input: unknown,
  { routes, render }: ThreadContext,
  host: Host,
): Promise<ThreadAnswer> {
  if (!isLargeRequest(input)) throw new Error('a request of a large home needs a home and a path')
  const { home, platformRoot, caller, request: plain, path } = input
  const route = routes.find(each => each.path === path && each.method === plain.method)
  if (!route?.isHeavy) throw new Error(`${plain.method} ${path} is handled by the main thread`)
  const events: ServeEvent[] = []
  const catalog = await findCatalog(home.directory, host)
  const revision = await catalog.current()
  const context: HomeContext = {
    home,
    host,
    platformRoot,
    render,
    // The main thread loads what was written.
    catalog: { ...catalog, refresh: async () => revision },
    audit: openAuditLog(home.directory, host),
    log: event => events.push(event),
  }
  const answer = await decide(route, { caller, revision, request: fromPlainRequest(plain) }, context)
  if ('stream' in answer) throw new Error(`${path} returns a stream`)
  return { answer, events }
}

const catalogs = new Map<string, Promise<Catalog>>()

function findCatalog(directory: string, host: Host): Promise<Catalog> {
  const known = catalogs.get(directory)
  if (known) return known
  const opened = openCatalog(directory, host)
  catalogs.set(directory, opened)
  // After an error, the next request tries again.
  opened.catch(() => catalogs.delete(directory))
  return opened
}

interface LargeRequest {
  readonly home: RegistryHome
  readonly platformRoot: string | undefined
  /** Pattern of the route. */
  readonly path: string
  readonly caller: Caller
  readonly request: PlainRequest
}

interface ThreadAnswer {
  readonly answer: FullResponse
  /** Events for the log of the main thread. */
  readonly events: readonly ServeEvent[]
}

/** The parts of a request that heavy routes read, as plain data. */
interface PlainRequest extends Pick<HttpRequest, 'method' | 'target' | 'remoteAddress'> {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

const paramNames = ['registry', 'id']
const headerNames = ['accept-encoding', 'if-match', 'if-none-match']

function toPlainRequest({ method, target, remoteAddress, param, header, body }: HttpRequest): PlainRequest {
  const pick = (names: readonly string[], take: (name: string) => string | undefined) =>
    Object.fromEntries(names.map(name => [name, take(name)]))
  return {
    method: method === 'HEAD' ? 'GET' : method,
    target,
    remoteAddress,
    params: pick(paramNames, param),
    headers: pick(headerNames, header),
    body: body(),
  }
}

function fromPlainRequest({ params, headers, body, target, ...plain }: PlainRequest): HttpRequest {
  const query = new URLSearchParams(target.split('?')[1])
  return {
    ...plain,
    target,
    param: name => params[name],
    query: name => query.get(name) ?? undefined,
    header: name => headers[name],
    body: () => body,
    onClosed: () => () => undefined,
  }
}

function isLargeRequest(input: unknown): input is LargeRequest {
  return typeof input === 'object' && input !== null && 'home' in input && 'request' in input
}

function isThreadAnswer(result: unknown): result is ThreadAnswer {
  return typeof result === 'object' && result !== null && 'answer' in result && 'events' in result
}
