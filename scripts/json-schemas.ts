import { registryFiles, registryNames } from '../src/registry/schema/names.ts'
import {
  type JsonSchema,
  registrySchemas,
  toJsonSchema,
  withSchemaKey,
} from '../src/registry/schema/registries.ts'

/** JSON Schema (draft 2020-12) of every registry, by the name of its file in `schemas/`. */
export function toJsonSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(
    registryNames.map(name => {
      const { $schema, description, ...rest } = toJsonSchema(registrySchemas[name])
      const title = `nexus-registry: ${name}`
      const schema = { $schema, title, description, ...withSchemaKey(rest) }
      return [registryFiles[name].replace('.json', '.schema.json'), schema]
    }),
  )
}
