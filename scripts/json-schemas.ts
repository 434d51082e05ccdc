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
  const generated: JsonSchema = z.toJSONSchema(schema, { io: 'input', override: allowExtensions })
  const { $schema, properties, description, ...rest } = generated
  return {
    $schema,
    title: `${name} registry`,
    description: description ?? `Entries of the ${name} registry by id`,
    ...rest,
    properties: {
      $schema: { type: 'string', description: 'Address of this schema, for editors' },
      ...asObject(properties),
    },
  }
}

// Zod's strict objects know no pattern, so the keys that withoutExtensions takes off are added here.
function allowExtensions(context: { jsonSchema: JsonSchema }): void {
  const { jsonSchema } = context
  if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-': {} }
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
