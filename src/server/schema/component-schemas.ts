import { type JsonSchema, toJsonSchemas, withSchemaKey } from '../../registry/schema/to-json-schema.ts'
import { apiSchemas } from './index.ts'
import { documentSchemaNames } from './registry-schema-names.ts'

/** Address of a schema within the OpenAPI document. */
export function toSchemaUri(name: string): string {
  return `#/components/schemas/${name}`
}

/** JSON Schemas of all that the server takes and answers, as the components of an OpenAPI document. */
export function toComponentSchemas(): Record<string, JsonSchema> {
  const documents: readonly string[] = Object.values(documentSchemaNames)
  return Object.fromEntries(
    Object.entries(toJsonSchemas(apiSchemas, toSchemaUri)).map(([name, schema]) => {
      // The document says the dialect, and an id of their own would change what references mean.
      const { $schema: _, $id: __, ...rest } = schema
      return [name, documents.includes(name) ? withSchemaKey(rest) : rest]
    }),
  )
}
