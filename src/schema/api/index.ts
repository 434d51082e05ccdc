import { adapterSchema } from '../adapter.ts'
import { detectedSchema, providerDetectedSchema, serviceDetectedSchema } from '../detected.ts'
import { subRegistrySchema } from '../hyper.ts'
import { microserviceSchema } from '../microservice.ts'
import { mlFrameworkSchema } from '../ml-framework.ts'
import { modelSchema } from '../model.ts'
import { pluginSchema } from '../plugin.ts'
import { providerSchema } from '../provider.ts'
import { registrySchemas } from '../registries.ts'
import { toolSchema } from '../tool.ts'
import { dashboardViewSchema } from './dashboard.ts'
import { environmentSchema } from './environment.ts'
import { explanationSchema } from './explanation.ts'
import { graphSchema } from './graph.ts'
import { healthSchema } from './health.ts'
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
import { problemSchema } from './problem.ts'
import { providerHealthSchema } from './provider-health.ts'
import { registryHealthSchema } from './registry-health.ts'
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
