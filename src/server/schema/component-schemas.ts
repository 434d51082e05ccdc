import type { RegistryName, SubRegistryName } from '../../registry/schema/names.ts'
import { type JsonSchema, toJsonSchemas, withSchemaKey } from '../../registry/schema/registries.ts'
import { type ApiSchemaName, apiSchemas } from './index.ts'

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

/** What /openapi.json calls the document of each registry. */
export const documentSchemaNames = {
  hyper: 'HyperRegistry',
  dashboard: 'DashboardRegistry',
  tools: 'ToolRegistry',
  providers: 'ProviderRegistry',
  models: 'ModelRegistry',
  plugins: 'PluginRegistry',
  microservices: 'MicroserviceRegistry',
  adapters: 'AdapterRegistry',
  ml_frameworks: 'MlFrameworkRegistry',
} as const satisfies Record<RegistryName, ApiSchemaName>

/** What it calls one entry of each. */
export const entrySchemaNames = {
  tools: 'Tool',
  providers: 'Provider',
  models: 'Model',
  plugins: 'Plugin',
  microservices: 'Microservice',
  adapters: 'Adapter',
  ml_frameworks: 'MlFramework',
} as const satisfies Record<SubRegistryName, ApiSchemaName>
