import type { Route } from '../route.ts'
import type { RouteParameter } from '../route-docs.ts'
import type { Operation, Parameter } from './open-api.ts'
import { type ExampleServer, toCurl } from './to-curl.ts'
import { toContent, toReference, toResponses } from './to-responses.ts'

/** What OpenAPI says of a route. */
export function toOperation(route: Route, server: ExampleServer): Operation {
  const { access, docs, method, path, summary } = route
  const isCached = 304 in docs.answers
  return {
    operationId: toOperationId({ method, path }),
    tags: [docs.tag],
    summary: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}`,
    description: whoMay[access],
    security: access === 'write' ? [{ bearer: [] }] : [{}, { bearer: [] }],
    parameters: [...docs.parameters, ...(isCached ? [ifNoneMatch] : [])].map(toParameter),
    ...(docs.body && { requestBody: { required: true, content: toContent(docs.body) } }),
    responses: toResponses(route),
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: toCurl(route, server) }],
  }
}

// The document is for everybody. So it may not tell what the access matrix of this home says.
const whoMay: Readonly<Record<Route['access'], string>> = {
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
