import type { HttpResponse, RouteMethod } from '../platform/http.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { AccessRequest } from '../security/access.ts'
import type { Call, RegistryCall } from './revision.ts'
import { documentSchemaNames, entrySchemaNames } from './schema/component-schemas.ts'
import type { ApiSchemaName } from './schema/index.ts'
import type { ServerContext } from './server-context.ts'
import type { HomeContext } from './server-state.ts'

/** One thing that the server answers. */
export type Route = LightRoute | HeavyRoute

/** A route that is answered by the main thread. */
type LightRoute = (OpenRoute | RegistryRoute) & { readonly isHeavy?: undefined }

/** A route that another thread answers when the home is large: it looks at all registries, or writes one. */
export type HeavyRoute = (OpenRoute<HomeContext> | RegistryRoute<HomeContext>) & { readonly isHeavy: true }

interface AnyRoute {
  readonly method: RouteMethod
  /** Path with `:name` where a part varies. */
  readonly path: string
  /** What it is for, a line. */
  readonly summary: string
  /** What /openapi.json and /docs say of it. */
  readonly docs: RouteDocs
}

/** A route that everybody may ask: the answer is cut down to what the caller may see. */
export interface OpenRoute<Needs = ServerContext> extends AnyRoute {
  readonly access: 'open'
  /** Whether it is answered at once while a large registry is being read, from what was served until now. */
  readonly isPrompt?: true
  readonly answer: (call: Call, context: Needs) => HttpResponse | Promise<HttpResponse>
}

/** A route whose path names a registry, as `:registry` in any of its forms, and which wants a right to that one. */
export interface RegistryRoute<Needs = ServerContext> extends AnyRoute {
  readonly access: AccessRequest['action']
  /** The registry that it wants a right to when its path does not name one. */
  readonly registry?: RegistryName
  readonly answer: (call: RegistryCall, context: Needs) => HttpResponse | Promise<HttpResponse>
}

/**
 * What /openapi.json and /docs say of a route: data beside it, a complete one in `routes/entry.ts`. To fill one in:
 *
 * - `tag`: under which heading it stands.
 * - `parameters`: one for each `:name` of the path, and for each query parameter and header that the route reads.
 *   `If-None-Match` is known from a 304 among the answers, and `Authorization` from the route's access.
 * - `body`: what is sent to it; null for nothing.
 * - `answers`: by status, made with `answer`, `unchanged` and `problem`. What any route may answer is added
 *   (401, 403, for a route of a registry 404, and all that is wrong with a call); say it here where this route means more by it.
 * - `example`: path of a call that is answered with 2xx in a home as it is shipped; the test makes this call if it is a
 *   GET. It becomes the example for curl.
 *
 * Schemas are named as in `src/schema/api/index.ts`: add a line there for what is not in it yet.
 */
interface RouteDocs {
  readonly tag: ApiTag
  readonly parameters: readonly RouteParameter[]
  readonly body: RouteContent | null
  readonly answers: Readonly<Record<number, RouteResponse>>
  readonly example: string
}

/** Headings of the API, in the order in which they are shown, and what they are about. */
export const apiTags = {
  registries: 'The nine registries, and their entries',
  questions: 'What follows from the registries: who needs whom, what can be used, which variables are set',
  health: 'Whether the server is well, how fresh what it says is, and what changes',
  api: 'The API itself',
} as const

type ApiTag = keyof typeof apiTags

export interface RouteParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly isRequired: boolean
  /** What it is for, a line without its full stop. */
  readonly says: string
  readonly schema: ApiSchemaName
  readonly example: string
}

/** Schemas of a body by its media type. Of several schemas it is any one. */
export type RouteContent = Readonly<Record<string, readonly ApiSchemaName[]>>

export interface RouteResponse {
  /** What this status means here, a line without its full stop. */
  readonly says: string
  /** Empty where there is no body. */
  readonly content: RouteContent
}

/** An answer in JSON, of any one of these schemas. */
export function response(says: string, ...schemas: readonly ApiSchemaName[]): RouteResponse {
  return { says, content: { 'application/json': schemas } }
}

/** An answer of other media types, that is a text to OpenAPI. Parameters of the types, like the charset, are left out. */
export function textResponse(says: string, ...types: readonly string[]): RouteResponse {
  return {
    says,
    content: Object.fromEntries(types.map(type => [type.replace(/;.*/, ''), ['Text'] as const])),
  }
}

/** An answer that says no. */
export function problem(says: string): RouteResponse {
  return { says, content: { 'application/problem+json': ['Problem'] } }
}

/** 304: the client has it already. Says as well that there is an `ETag`. */
export const unchanged: RouteResponse = { says: 'It is what the client has', content: {} }

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
  says: 'ETag of what is to be changed, as it was last read',
  schema: 'Text',
  example: '"4b1f0c5a9d2e7f60"',
}

/** The document of any registry. */
export const anyDocument = Object.values(documentSchemaNames)

/** An entry of any registry. */
export const anyEntry = Object.values(entrySchemaNames)
