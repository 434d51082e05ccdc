import type { RegistryName, SubRegistryName } from '../../registry/schema/names.ts'
import type { ApiSchemaName } from './index.ts'

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
