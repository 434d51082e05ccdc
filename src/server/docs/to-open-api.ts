import { program } from '../../lib/program.ts'
import type { JsonSchema } from '../../registry/schema/to-json-schema.ts'
import type { Route } from '../route.ts'
import { apiTags } from '../route-docs.ts'
import type { OpenApi, Operation } from './open-api.ts'
import type { ExampleServer } from './to-curl.ts'
import { toOperation } from './to-operation.ts'

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
