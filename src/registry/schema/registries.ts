import * as z from 'zod'
import { adapterSchema } from './adapter.ts'
import { idSchema } from './common.ts'
import { dashboardSchema } from './dashboard.ts'
import { hyperSchema } from './hyper.ts'
import { microserviceSchema } from './microservice.ts'
import { mlFrameworkSchema } from './ml-framework.ts'
import { modelSchema } from './model.ts'
import { pluginSchema } from './plugin.ts'
import { providerSchema } from './provider.ts'
import { toolSchema } from './tool.ts'

/** Schema of each registry file, without the `$schema` and `x-` keys that `withoutExtensions` takes off. */
export const registrySchemas = {
  hyper: hyperSchema,
  dashboard: dashboardSchema,
  tools: z.record(idSchema, toolSchema).describe('Tools and capabilities of the machine, by id'),
  providers: z.record(idSchema, providerSchema).describe('Providers of language models, by id'),
  models: z.record(idSchema, modelSchema).describe('Models, by the id that their provider knows them by'),
  plugins: z.record(idSchema, pluginSchema).describe('Zsh modules, by id'),
  microservices: z.record(idSchema, microserviceSchema).describe('Running services, by id'),
  adapters: z.record(idSchema, adapterSchema).describe('Code that speaks to providers, by id'),
  ml_frameworks: z
    .record(idSchema, mlFrameworkSchema)
    .describe('Machine-learning libraries of Python, by id'),
} as const

/** Content of each registry file, by registry name. */
export type RegistryContents = {
  [Name in keyof typeof registrySchemas]: z.infer<(typeof registrySchemas)[Name]>
}

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
