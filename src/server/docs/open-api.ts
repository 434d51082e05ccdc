import { program } from '../../lib/program.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import type { JsonSchema } from '../../registry/schema/registries.ts'
import { type ApiSchemaName, toSchemaUri } from '../api-schemas.ts'
import {
  apiTags,
  otherErrors,
  type Route,
  type RouteContent,
  type RouteParameter,
  type RouteResponse,
  toUsualResponses,
} from '../route.ts'

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
  const { access, docs, summary } = route
  const isCached = 304 in docs.answers
  return {
    operationId: toOperationId(route),
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
function toOperationId({ method, path }: Route): string {
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
function toResponses({ access, docs }: Route): Record<string, Response> {
  const answers = { ...toUsualResponses(access), ...docs.answers }
  const hasTags = 304 in docs.answers || 412 in docs.answers
  const responses = Object.entries(answers).map(([status, answer]): [string, Response] => [
    status,
    toResponse(answer, listHeaders(Number(status), hasTags)),
  ])
  return { ...Object.fromEntries(responses), default: toResponse(otherErrors, ['Retry-After', 'Allow']) }
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
  return { $ref: toSchemaUri(name) }
}

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

/** An OpenAPI 3.1 document, as far as this server makes use of it. */
export interface OpenApi {
  readonly openapi: string
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description: string
    readonly license: { readonly name: string; readonly identifier: string }
  }
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>
    readonly schemas: Readonly<Record<string, JsonSchema>>
  }
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  /** Callers that may use it. */
  readonly description: string
  /** Any of these is sufficient. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: MediaContent }
  readonly responses: Readonly<Record<string, Response>>
  readonly 'x-codeSamples': readonly {
    readonly lang: string
    readonly label: string
    readonly source: string
  }[]
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description: string
  readonly schema: JsonSchema
  readonly example: string
}

export interface Response {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>
  readonly content?: MediaContent
}

/** By media type. */
export type MediaContent = Readonly<Record<string, { readonly schema: JsonSchema }>>

/** The server in an example. */
export interface ExampleServer {
  /** Address without its last slash. */
  readonly base: string
  /** Options of curl to reach it. */
  readonly options: readonly string[]
}

/** The example of a route for curl. The reader fills in the token and the body. */
function toCurl({ method, access, docs }: Route, { base, options }: ExampleServer): string {
  const { parameters, body, answers, example } = docs
  const isStream = Object.values(answers).some(({ content }) => 'text/event-stream' in content)
  const headers = parameters
    // The example is about an existing entry, which needs a precondition.
    .filter(({ in: place, isRequired, name }) => place === 'header' && (isRequired || name === 'If-Match'))
    .map(parameter => `-H ${toShellWord(`${parameter.name}: ${parameter.example}`)}`)
  const parts = [
    ['curl', isStream ? '-sN' : '-s', ...options, ...(method === 'GET' ? [] : ['-X', method])].join(' '),
    ...(access === 'write' ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...headers,
    ...Object.keys(body ?? {})
      .slice(0, 1)
      .map(type => `-H ${toShellWord(`Content-Type: ${type}`)} --data-binary @body.json`),
    toShellWord(`${base}${example}`),
  ]
  return parts.join(parts.length > 2 ? ' \\\n  ' : ' ')
}
