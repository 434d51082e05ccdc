import type { HttpRequest, HttpResponse, RouteMethod } from '../platform/http.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { AccessRequest } from '../security/access.ts'
import { type ApiSchemaName, documentSchemaNames, entrySchemaNames } from './api-schemas.ts'
import type { LiveDashboard } from './dashboard/live-dashboard.ts'
import type { WebPage } from './dashboard/web-page.ts'
import type { Events } from './events/events.ts'
import type { ServerMetrics } from './metrics.ts'
import type { Call, RegistryCall } from './revision.ts'
import type { HomeContext, ServerState } from './serve-request.ts'

/** A route of the server. */
export type Route = LightRoute | HeavyRoute

/** A route that the main thread handles. */
type LightRoute = (OpenRoute | RegistryRoute) & { readonly isHeavy?: undefined }

/** A route that another thread handles when the home is large: it reads all registries, or writes one. */
export type HeavyRoute = (OpenRoute<HomeContext> | RegistryRoute<HomeContext>) & { readonly isHeavy: true }

interface AnyRoute {
  readonly method: RouteMethod
  /** Path with `:name` where a part varies. */
  readonly path: string
  /** What it does, one line. */
  readonly summary: string
  /** Its description in /openapi.json and /docs. */
  readonly docs: RouteDocs
}

/** A route without access check: its response omits what the caller may not read. */
export interface OpenRoute<Needs = ServerContext> extends AnyRoute {
  readonly access: 'open'
  /** Whether it responds at once while a large registry is being read, from the revision before. */
  readonly isPrompt?: true
  /** Checks a request before its body is read; a response refuses it. */
  readonly admit?: (request: HttpRequest) => HttpResponse | undefined
  readonly answer: (call: Call, context: Needs) => HttpResponse | Promise<HttpResponse>
}

/** A route that requires a right to a registry: `:registry` of its path. */
export interface RegistryRoute<Needs = ServerContext> extends AnyRoute {
  readonly access: AccessRequest['action']
  /** The registry that it requires a right to when its path does not name one. */
  readonly registry?: RegistryName
  readonly answer: (call: RegistryCall, context: Needs) => HttpResponse | Promise<HttpResponse>
}

/** The context of all routes. */
export interface ServerContext extends ServerState {
  /** Streams of events. */
  readonly events: Events
  readonly metrics: ServerMetrics
  readonly dashboard: LiveDashboard
  /** The dashboard for browsers. */
  readonly page: WebPage
}

/**
 * The description of a route in /openapi.json and /docs; `routes/entry.ts` is a complete example:
 *
 * - `tag`: its heading.
 * - `parameters`: one for each `:name` of the path, and for each query parameter and header that the route reads.
 *   `If-None-Match` follows from a 304 among the answers, and `Authorization` from the route's access.
 * - `body`: the request body; null for none.
 * - `answers`: responses by status, made with `response`, `unchanged` and `problem`. Responses of every route are added
 *   (401, 403, 404 for a route of a registry, and errors of the request).
 * - `example`: path of a request that succeeds with the shipped registries; a test sends it if it is a GET. It becomes
 *   the example for curl.
 *
 * Schemas are named as in `src/server/api-schemas.ts`.
 */
interface RouteDocs {
  readonly tag: ApiTag
  readonly parameters: readonly RouteParameter[]
  readonly body: RouteContent | null
  readonly answers: Readonly<Record<number, RouteResponse>>
  readonly example: string
}

/** Headings of the API in order, with their description. */
export const apiTags = {
  registries: 'The nine registries, and their entries',
  questions: 'Results from the registries: dependencies, readiness, variables',
  health: 'Health of the server, freshness of its registries, and changes',
  api: 'The API itself',
} as const

type ApiTag = keyof typeof apiTags

export interface RouteParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly isRequired: boolean
  /** What it does, one line without its full stop. */
  readonly says: string
  readonly schema: ApiSchemaName
  readonly example: string
}

/** Schemas of a body by media type. Any of several schemas fits. */
export type RouteContent = Readonly<Record<string, readonly ApiSchemaName[]>>

export interface RouteResponse {
  /** What this status means here, one line without its full stop. */
  readonly says: string
  /** Empty where there is no body. */
  readonly content: RouteContent
}

/** A response in JSON, of any of these schemas. */
export function response(says: string, ...schemas: readonly ApiSchemaName[]): RouteResponse {
  return { says, content: { 'application/json': schemas } }
}

/** A response of other media types, a text for OpenAPI. Omits parameters of the types, like the charset. */
export function textResponse(says: string, ...types: readonly string[]): RouteResponse {
  return {
    says,
    content: Object.fromEntries(types.map(type => [type.replace(/;.*/, ''), ['Text'] as const])),
  }
}

/** A response with an error. */
export function problem(says: string): RouteResponse {
  return { says, content: { 'application/problem+json': ['Problem'] } }
}

const foreign = "the request uses a name that is not the server's, or comes from a page of another server"

/** Responses of every route with this access. */
export function toUsualResponses(access: Route['access']): Readonly<Record<number, RouteResponse>> {
  if (access === 'open')
    return { 401: problem('The token is not valid'), 403: problem(`Forbidden: ${foreign}`) }
  return {
    401: problem('A token is required, or the token is not valid'),
    403: problem(`The role of the token does not suffice; or ${foreign}`),
    404: problem('There is no such registry'),
  }
}

/** Responses of every route to requests that are invalid, and to bugs. */
export const otherErrors = problem(
  'Other errors: 400 the request is invalid, 405 the method, 408 it took too long, 413 its body is too large, ' +
    '414 its address, 431 its headers, 415 its type, 429 too many requests, 500 a bug of the server',
)

/** 304: the client has the current version. It implies an `ETag`. */
export const unchanged: RouteResponse = { says: 'The client has the current version', content: {} }

/** Responses of every write, for the description of routes. */
export const writeResponses: Readonly<Record<number, RouteResponse>> = {
  200: response('The write was made', 'WriteOutcome'),
  204: { says: 'The write was made, and the role may not read the registry', content: {} },
  403: problem('The role may not write this registry, or only admin may change access_control'),
  404: problem('There is no such registry or entry'),
  409: problem('The file cannot be used, or an upstream owns the entry'),
  412: problem('The precondition does not hold: another client has changed it'),
  422: problem('The result would be invalid, by itself or together with other registries; see diagnostics'),
  428: problem('The request has no precondition'),
  503: problem('The write cannot be made or recorded now'),
  507: problem('There is no space left on the disk'),
}

/** Further response of a write that may create something. */
export const createdResponse: RouteResponse = response('It was created; see Location', 'WriteOutcome')

/** The `:registry` of a path. */
export const registryParameter: RouteParameter = {
  name: 'registry',
  in: 'path',
  isRequired: true,
  says: 'Which registry, by its name or its file',
  schema: 'RegistryParameter',
  example: 'tools',
}

/** The `:id` of a path. */
export const idParameter: RouteParameter = {
  name: 'id',
  in: 'path',
  isRequired: true,
  says: 'Id of the entry',
  schema: 'IdParameter',
  example: 'docker',
}

/** The `If-Match` of writes. */
export const ifMatchParameter: RouteParameter = {
  name: 'If-Match',
  in: 'header',
  isRequired: true,
  says: 'ETag of the last read of what the request changes',
  schema: 'Text',
  example: '"4b1f0c5a9d2e7f60"',
}

/** The `If-Match` of writes that may create something, which need one of two preconditions. */
export const optionalIfMatchParameter: RouteParameter = {
  ...ifMatchParameter,
  isRequired: false,
  says: 'ETag of the last read of what the request changes, or * for any version',
}

export const ifNoneMatchParameter: RouteParameter = {
  name: 'If-None-Match',
  in: 'header',
  isRequired: false,
  says: '* to create; one of the two preconditions is required',
  schema: 'Text',
  example: '*',
}

/** The document of any registry. */
export const anyDocument = Object.values(documentSchemaNames)

/** An entry of any registry. */
export const anyEntry = Object.values(entrySchemaNames)
