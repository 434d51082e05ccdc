import { program } from '../../lib/program.ts'
import type { JsonSchema } from '../../registry/schema/registries.ts'
import {
  apiTags,
  problem,
  type Route,
  type RouteContent,
  type RouteParameter,
  type RouteResponse,
} from '../route.ts'
import type { ApiSchemaName } from '../schema/index.ts'
import {
  type ExampleServer,
  type MediaContent,
  type OpenApi,
  type Operation,
  type Parameter,
  type Response,
  toCurl,
} from './open-api.ts'

interface Parts {
  readonly routes: readonly Route[]
  /** Schemas that routes use, by name. */
  readonly schemas: Readonly<Record<string, JsonSchema>>
  /** The server in examples. */
  readonly server: ExampleServer
}

/** Describes routes as OpenAPI 3.1. The same routes give the same bytes, whatever home is served. */
export function toOpenApi({ routes, schemas, server }: Parts): OpenApi {
  const used = new Set<string>(routes.map(({ docs }) => docs.tag))
  const tags = Object.entries(apiTags).filter(([name]) => used.has(name))
  return {
    openapi: '3.1.0',
    info: {
      title: `${program.name} API`,
      version: program.version,
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server that this document is from' }],
    tags: tags.map(([name, about]) => ({ name, description: about })),
    paths: toPaths(routes, server),
    components: { securitySchemes, schemas },
  }
}

const description = [
  'What this machine can do, and what its registries say about it, over HTTP.',
  'GET and HEAD read. Responses that do not change by themselves have a strong `ETag`: send it as `If-None-Match`, ' +
    'and 304 means that nothing has changed. They may be compressed by br or gzip.',
  'Some registries are public, others require a token: `nexus-registry token create --role ROLE` creates one. Send it as ' +
    '`Authorization: Bearer TOKEN`. Responses about several registries omit what the caller may not read.',
  'An error is a problem document (RFC 9457): `detail` says what is wrong and where, `hint` what to do.',
].join('\n\n')

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token from nexus-registry token create. It has one role, and may expire.',
  },
}

function toPaths(routes: readonly Route[], server: ExampleServer): OpenApi['paths'] {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(route, server) }
  }
  return paths
}

/** A route as an operation of OpenAPI. */
function toOperation(route: Route, server: ExampleServer): Operation {
  const { access, docs, method, path, summary } = route
  const isCached = 304 in docs.answers
  return {
    operationId: toOperationId({ method, path }),
    tags: [docs.tag],
    summary: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}`,
    description: permittedCallers[access],
    security: access === 'write' ? [{ bearer: [] }] : [{}, { bearer: [] }],
    parameters: [...docs.parameters, ...(isCached ? [ifNoneMatch] : [])].map(toParameter),
    ...(docs.body && { requestBody: { required: true, content: toContent(docs.body) } }),
    responses: toResponses(route),
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: toCurl(route, server) }],
  }
}

// The document is public, so it does not contain the access matrix of this home.
const permittedCallers: Readonly<Record<Route['access'], string>> = {
  open: 'Everybody; the response omits what the caller may not read.',
  read: 'Callers that may read the registry: everybody, callers with a token, or only the role admin.',
  write: 'Callers with a token of the role that writes the registry, or of the role admin.',
}

const ifNoneMatch: RouteParameter = {
  name: 'If-None-Match',
  in: 'header',
  isRequired: false,
  says: 'ETag of the version that the client has: when it is current, the response is 304',
  schema: 'Text',
  example: '"4b1f0c5a9d2e7f60"',
}

/** Name of an operation for programs that make clients, `getRegistriesRegistryId`. */
function toOperationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.match(/[A-Za-z0-9]+/g) ?? ['start']
  const title = words.map(word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
  return `${method.toLowerCase()}${title.join('')}`
}

function toParameter({ name, in: place, isRequired, says, schema, example }: RouteParameter): Parameter {
  return {
    name,
    in: place,
    required: isRequired,
    description: says,
    schema: toReference(schema),
    example,
  }
}

/** All responses of a route by status: its own, and those of every route. */
function toResponses({ access, docs }: Pick<Route, 'access' | 'docs'>): Record<string, Response> {
  const answers = { ...toUsualResponses(access), ...docs.answers }
  const hasTags = 304 in docs.answers || 412 in docs.answers
  const responses = Object.entries(answers).map(([status, answer]): [string, Response] => [
    status,
    toResponse(answer, listHeaders(Number(status), hasTags)),
  ])
  return { ...Object.fromEntries(responses), default: toResponse(otherError, ['Retry-After', 'Allow']) }
}

/** Schemas by media type; of several schemas it is any one. */
function toContent(content: RouteContent): MediaContent {
  return Object.fromEntries(
    Object.entries(content).map(([type, names]) => {
      const [first, ...others] = names.map(toReference)
      return [type, { schema: others.length === 0 && first ? first : { anyOf: names.map(toReference) } }]
    }),
  )
}

function toReference(name: ApiSchemaName): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

const foreign = "the request uses a name that is not the server's, or comes from a page of another server"

function toUsualResponses(access: Route['access']): Readonly<Record<number, RouteResponse>> {
  if (access === 'open')
    return { 401: problem('The token is not valid'), 403: problem(`Forbidden: ${foreign}`) }
  return {
    401: problem('A token is required, or the token is not valid'),
    403: problem(`The role of the token does not suffice; or ${foreign}`),
    404: problem('There is no such registry'),
  }
}

const otherError = problem(
  'Other errors: 400 the request is invalid, 405 the method, 408 it took too long, 413 its body is too large, ' +
    '414 its address, 431 its headers, 415 its type, 429 too many requests, 500 a bug of the server',
)

const headers = {
  ETag: 'Strong tag of the response, for If-None-Match and If-Match',
  'WWW-Authenticate': 'How to sign in, and what is wrong with the token',
  'Retry-After': 'With 429: seconds to wait',
  Allow: 'With 405: supported methods',
} as const

function listHeaders(status: number, hasTags: boolean): (keyof typeof headers)[] {
  if (status === 401) return ['WWW-Authenticate']
  return hasTags && (status === 200 || status === 201 || status === 304) ? ['ETag'] : []
}

function toResponse({ says, content }: RouteResponse, names: readonly (keyof typeof headers)[]): Response {
  const described = names.map(name => [name, { description: headers[name], schema: { type: 'string' } }])
  return {
    description: says,
    ...(names.length > 0 && { headers: Object.fromEntries(described) }),
    ...(Object.keys(content).length > 0 && { content: toContent(content) }),
  }
}
