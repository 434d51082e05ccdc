import { toComponentSchemas } from '../../src/server/api-schemas.ts'
import { type OpenApi, type Operation, toOpenApi } from '../../src/server/docs/open-api.ts'
import { routes } from '../../src/server/routes/index.ts'
import { renderTable, toCode, toGeneratedPage, toProse } from './markdown.ts'
import { describeType, renderFields } from './schema-fields.ts'

/** Schemas that are those of registry files, which have a page of their own. */
const registrySchema = /Registry$|^(?:Tool|Provider|Model|Plugin|Microservice|Adapter|MlFramework)$/

/** Reference of the HTTP API, from the description that the server sends as `/openapi.json`. */
export function renderApiPage(): string {
  const server = { base: 'http://127.0.0.1:4780', options: [] }
  const document = toOpenApi({ routes, schemas: toComponentSchemas(), server })
  return toGeneratedPage('HTTP API', [
    'The routes of `nexus-registry serve`. A running server has the same at `/docs`, and as OpenAPI 3.1 at `/openapi.json`. [Serve](../serve.md) explains how to use it.',
    toProse(document.info.description),
    ...describeOtherStatuses(document),
    ...document.tags.flatMap(({ name, description }) => [
      `## ${toTitle(name)}`,
      `${toProse(description)}.`,
      ...renderOperations(document, name),
    ]),
    '## Schemas',
    'Documents and entries of registries are described on the page about [registry files](registries.md).',
    ...renderSchemas(document),
  ])
}

// The same for every route, so it is said once.
function describeOtherStatuses({ paths }: OpenApi): string[] {
  const operations = Object.values(paths).flatMap(path => Object.values(path))
  const texts = operations.flatMap(({ responses }) => responses.default?.description ?? [])
  return [...new Set(texts)].map(
    text => `Every route: ${toProse(text.charAt(0).toLowerCase() + text.slice(1))}.`,
  )
}

function renderOperations({ paths }: OpenApi, tag: string): string[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { tags }]) => tags.includes(tag))
      .flatMap(([method, operation]) => renderOperation(`${method.toUpperCase()} ${path}`, operation)),
  )
}

function renderOperation(heading: string, operation: Operation): string[] {
  const { summary, description, parameters, requestBody, responses, 'x-codeSamples': samples } = operation
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `${toCode(type)}: ${describeType(schema, toSchemaLink)}`,
  )
  const specific = Object.entries(responses).filter(([status]) => status !== 'default')
  return [
    `### ${toCode(heading)}`,
    `${toProse(summary)}. ${toProse(description)}`,
    ...(parameters.length > 0
      ? [
          renderTable(
            ['parameter', 'in', 'required', 'meaning'],
            parameters.map(({ name, in: place, required, description: meaning }) => [
              toCode(name),
              place,
              required ? 'yes' : '',
              toProse(meaning),
            ]),
          ),
        ]
      : []),
    ...(bodies.length > 0 ? [`Body: ${bodies.join('; ')}`] : []),
    renderTable(
      ['status', 'meaning', 'body'],
      specific.map(([status, { description: meaning, content = {} }]) => [
        status,
        toProse(meaning),
        Object.values(content)
          .map(({ schema }) => describeType(schema, toSchemaLink))
          .filter((type, index, all) => all.indexOf(type) === index)
          .join(', '),
      ]),
    ),
    ...samples.map(({ source }) => `\`\`\`text\n${source}\n\`\`\``),
  ]
}

function renderSchemas({ components }: OpenApi): string[] {
  return Object.entries(components.schemas)
    .filter(([name]) => name !== 'Text' && !registrySchema.test(name))
    .flatMap(([name, schema]) => {
      const about = typeof schema.description === 'string' ? [toProse(schema.description)] : []
      const hasFields = schema.properties !== undefined
      return [
        `### ${name}`,
        ...about,
        hasFields ? renderFields(schema) : `${describeType(schema, toSchemaLink)}`,
      ]
    })
}

function toSchemaLink(name: string): string {
  if (name === 'Text') return 'string'
  if (!registrySchema.test(name)) return `[${name}](#${name.toLowerCase()})`
  return name.endsWith('Registry') ? '[registry](registries.md)' : '[entry](registries.md)'
}

function toTitle(tag: string): string {
  return tag === 'api' ? 'API' : `${tag.charAt(0).toUpperCase()}${tag.slice(1)}`
}
