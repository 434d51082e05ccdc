import { dashboardViewSchema } from '../../dashboard/model/dashboard.ts'
import { explanationSchema } from '../../readiness/explanation-2.ts'
import { adapterSchema } from '../../registry/schema/adapter.ts'
import {
  detectedSchema,
  providerDetectedSchema,
  serviceDetectedSchema,
} from '../../registry/schema/detected.ts'
import { subRegistrySchema } from '../../registry/schema/hyper.ts'
import { microserviceSchema } from '../../registry/schema/microservice.ts'
import { mlFrameworkSchema } from '../../registry/schema/ml-framework.ts'
import { modelSchema } from '../../registry/schema/model.ts'
import { pluginSchema } from '../../registry/schema/plugin.ts'
import { providerSchema } from '../../registry/schema/provider.ts'
import { registrySchemas } from '../../registry/schema/registries.ts'
import { toolSchema } from '../../registry/schema/tool.ts'
import { healthSchema } from '../../sync/health-2.ts'
import { registryHealthSchema } from '../../sync/registry-health.ts'
import { problemSchema } from '../problem-2.ts'
import { environmentSchema } from './environment.ts'
import { graphSchema } from './graph.ts'
import { linksSchema } from './links.ts'
import { openApiSchema } from './open-api.ts'
import {
  anyValueSchema,
  filterParameterSchema,
  idParameterSchema,
  plainTextSchema,
  queryParameterSchema,
  registryParameterSchema,
} from './parameters.ts'
import { providerHealthSchema } from './provider-health.ts'
import { writeOutcomeSchema } from './write-outcome.ts'

/** All that the server takes and answers, by the name that /openapi.json gives it. Routes name these. */
export const apiSchemas = {
  HyperRegistry: registrySchemas.hyper,
  DashboardRegistry: registrySchemas.dashboard,
  ToolRegistry: registrySchemas.tools,
  ProviderRegistry: registrySchemas.providers,
  ModelRegistry: registrySchemas.models,
  PluginRegistry: registrySchemas.plugins,
  MicroserviceRegistry: registrySchemas.microservices,
  AdapterRegistry: registrySchemas.adapters,
  MlFrameworkRegistry: registrySchemas.ml_frameworks,
  Tool: toolSchema,
  Provider: providerSchema,
  Model: modelSchema,
  Plugin: pluginSchema,
  Microservice: microserviceSchema,
  Adapter: adapterSchema,
  MlFramework: mlFrameworkSchema,
  SubRegistry: subRegistrySchema,
  Detected: detectedSchema,
  ProviderDetected: providerDetectedSchema,
  ServiceDetected: serviceDetectedSchema,
  Health: healthSchema,
  RegistryHealth: registryHealthSchema,
  ProviderHealth: providerHealthSchema,
  Explanation: explanationSchema,
  Graph: graphSchema,
  Environment: environmentSchema,
  DashboardView: dashboardViewSchema,
  Links: linksSchema,
  OpenApi: openApiSchema,
  WriteOutcome: writeOutcomeSchema,
  Problem: problemSchema,
  RegistryParameter: registryParameterSchema,
  IdParameter: idParameterSchema,
  QueryParameter: queryParameterSchema,
  FilterParameter: filterParameterSchema,
  AnyValue: anyValueSchema,
  Text: plainTextSchema,
} as const

export type ApiSchemaName = keyof typeof apiSchemas
