import * as z from 'zod'
import { registryFiles, registryNames } from '../src/schema/names.ts'
import { registrySchemas } from '../src/schema/registries.ts'

type JsonSchema = Record<string, unknown>

/** JSON Schema (draft 2020-12) of every registry, by the name of its file in `schemas/`. */
export function toJsonSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(
    registryNames.map(name => [
      registryFiles[name].replace('.json', '.schema.json'),
      toJsonSchema(name, registrySchemas[name]),
    ]),
  )
}

function toJsonSchema(name: string, schema: z.ZodType): JsonSchema {
  const { $schema, description, type, properties, propertyNames, ...rest } = generate(schema)
  return {
    $schema,
    title: `nexus-registry: ${name}`,
    description,
    type,
    // An editor's link to this very schema is no entry.
    ...(isJsonSchema(propertyNames) && { propertyNames: { anyOf: [{ const: '$schema' }, propertyNames] } }),
    properties: {
      $schema: { type: 'string', description: 'Address or path of this schema, for editors' },
      ...(isJsonSchema(properties) && properties),
    },
    ...rest,
  }
}

function generate(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      allowExtensions(jsonSchema)
      dropWidestInteger(jsonSchema)
    },
  })
}

// Zod does not see the keys that withoutExtensions takes off. In a map by id they are ids like any other.
function allowExtensions(jsonSchema: JsonSchema): void {
  if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-(?!source$)': true }
}

// Zod names the range in which JavaScript's integers are exact; to an editor that is noise.
function dropWidestInteger(jsonSchema: JsonSchema): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
}

function isJsonSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
