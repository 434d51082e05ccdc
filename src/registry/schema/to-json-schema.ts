import * as z from 'zod'

/** A JSON Schema, draft 2020-12, as plain data. */
export type JsonSchema = Record<string, unknown>

/** JSON Schema of what may be written where a Zod schema reads. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, generation)
}

/** JSON Schemas that name each other by reference: `toUri` says how. */
export function toJsonSchemas(
  schemas: Readonly<Record<string, z.ZodType>>,
  toUri: (name: string) => string,
): Record<string, JsonSchema> {
  const known = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) known.add(schema, { id })
  return z.toJSONSchema(known, { ...generation, uri: toUri }).schemas
}

/** Schema of a registry's file: editors' links to this very schema are allowed, and are no entries. */
export function withSchemaKey({ type, properties, propertyNames, ...rest }: JsonSchema): JsonSchema {
  return {
    type,
    ...(isJsonSchema(propertyNames) && { propertyNames: { anyOf: [{ const: '$schema' }, propertyNames] } }),
    properties: {
      $schema: { type: 'string', description: 'Address or path of this schema, for editors' },
      ...(isJsonSchema(properties) && properties),
    },
    ...rest,
  }
}

const generation = {
  io: 'input',
  override: ({ jsonSchema }: { readonly jsonSchema: JsonSchema }) => {
    allowExtensions(jsonSchema)
    dropWidestInteger(jsonSchema)
  },
} as const

// Zod does not see the keys that withoutExtensions takes off. In a map by id they are ids like any other.
function allowExtensions(jsonSchema: JsonSchema): void {
  if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-(?!source$)': true }
}

// Zod names the range in which JavaScript's integers are exact; to an editor that is noise.
function dropWidestInteger(jsonSchema: JsonSchema): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
}

/** Whether a value is a schema that says something: neither `true` nor a list. */
export function isJsonSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
