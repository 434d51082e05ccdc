import { toShellWord } from '../../lib/shell/quote.ts'
import type { JsonSchema } from '../../registry/schema/registries.ts'
import type { Route } from '../route.ts'

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

type ExampleRequest = Pick<Route, 'method' | 'access' | 'docs'>

/** The server in an example. */
export interface ExampleServer {
  /** Address without its last slash. */
  readonly base: string
  /** Options of curl to reach it. */
  readonly options: readonly string[]
}

/** The example of a route for curl. The reader fills in the token and the body. */
export function toCurl({ method, access, docs }: ExampleRequest, { base, options }: ExampleServer): string {
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
