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
  /** What routes name, by name. */
  readonly schemas: Readonly<Record<string, JsonSchema>>
  /** Where examples ask. */
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
  'GET and HEAD read. Answers that do not change by themselves carry a strong `ETag`: send it back as `If-None-Match`, ' +
    'and 304 says that nothing has changed. They are sent as they are, or packed by br or gzip.',
  'Some registries are for everybody, others want a token: `nexus-registry token create --role ROLE` makes one, and it is ' +
    'sent as `Authorization: Bearer TOKEN`. What a caller may not read is left out of every answer that tells of several registries.',
  'An answer that says no is a problem as RFC 9457 has it: `detail` says what is wrong and where, `hint` what to do.',
].join('\n\n')

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token that nexus-registry token create made. It has one role, and may expire.',
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

/** What OpenAPI says of a route. */
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

// The document is for everybody. So it may not tell what the access matrix of this home says.
const permittedCallers: Readonly<Record<Route['access'], string>> = {
  open: 'Everybody may ask; what the caller may not read is left out.',
  read: 'Whoever may read that registry: everybody, or whoever has a token, or the role admin alone.',
  write: 'Whoever has a token with the role that writes that registry, or with the role admin.',
}

const ifNoneMatch: RouteParameter = {
  name: 'If-None-Match',
  in: 'header',
  isRequired: false,
  says: 'ETag of what the client has: when it is still the same, 304 is all that is answered',
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

/** All that a route may answer, by status: what it says itself, and what any route may. */
function toResponses({ access, docs }: Pick<Route, 'access' | 'docs'>): Record<string, Response> {
  const answers = { ...toUsualResponses(access), ...docs.answers }
  const hasTags = 304 in docs.answers || 412 in docs.answers
  const told = Object.entries(answers).map(([status, answer]): [string, Response] => [
    status,
    toResponse(answer, listHeaders(Number(status), hasTags)),
  ])
  return { ...Object.fromEntries(told), default: toResponse(otherError, ['Retry-After', 'Allow']) }
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

const foreign = 'the server is asked under a name that is not its own, or by a page of another server'

function toUsualResponses(access: Route['access']): Readonly<Record<number, RouteResponse>> {
  if (access === 'open')
    return { 401: problem('The token does not hold'), 403: problem(`Forbidden: ${foreign}`) }
  return {
    401: problem('A token is needed, or the token does not hold'),
    403: problem(`The role of the token does not suffice; or ${foreign}`),
    404: problem('There is no such registry'),
  }
}

const otherError = problem(
  'What else may be wrong with a call: 400 it cannot be read, 405 the method, 408 it took too long, 413 its body is too large, ' +
    '414 its address, 431 its headers, 415 its type, 429 there were too many, 500 a defect of the server',
)

const headers = {
  ETag: 'Strong tag of what is answered: for If-None-Match and If-Match',
  'WWW-Authenticate': 'How to sign in, and what is wrong with the token',
  'Retry-After': 'With 429: seconds to wait',
  Allow: 'With 405: methods that there are',
} as const

function listHeaders(status: number, hasTags: boolean): (keyof typeof headers)[] {
  if (status === 401) return ['WWW-Authenticate']
  return hasTags && (status === 200 || status === 201 || status === 304) ? ['ETag'] : []
}

function toResponse({ says, content }: RouteResponse, names: readonly (keyof typeof headers)[]): Response {
  const told = names.map(name => [name, { description: headers[name], schema: { type: 'string' } }])
  return {
    description: says,
    ...(names.length > 0 && { headers: Object.fromEntries(told) }),
    ...(Object.keys(content).length > 0 && { content: toContent(content) }),
  }
}
