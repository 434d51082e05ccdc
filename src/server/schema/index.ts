import * as z from 'zod'
import { dashboardViewSchema } from '../../dashboard/model/dashboard-schema.ts'
import { explanationSchema } from '../../readiness/explanation-schema.ts'
import { adapterSchema } from '../../registry/schema/adapter.ts'
import { exportNameSchema, idSchema, timeSchema } from '../../registry/schema/common.ts'
import {
  detectedSchema,
  providerDetectedSchema,
  serviceDetectedSchema,
} from '../../registry/schema/detected.ts'
import { subRegistrySchema } from '../../registry/schema/hyper.ts'
import { microserviceSchema } from '../../registry/schema/microservice.ts'
import { mlFrameworkSchema } from '../../registry/schema/ml-framework.ts'
import { modelSchema } from '../../registry/schema/model.ts'
import { registryFiles, registryNames } from '../../registry/schema/names.ts'
import { pluginSchema } from '../../registry/schema/plugin.ts'
import { providerSchema } from '../../registry/schema/provider.ts'
import { registrySchemas } from '../../registry/schema/registries.ts'
import { toolSchema } from '../../registry/schema/tool.ts'
import { healthSchema, registryHealthSchema } from '../../sync/health-schema.ts'
import { problemSchema } from '../problem.ts'

/** What `GET /env.json` tells, in the words of `env --shell json`. */
const environmentSchema = z
  .record(exportNameSchema, z.string().nullable())
  .describe('Variables and their values; null for a variable to unset')

const nodeSchema = z.strictObject({
  id: z.string().describe('Ref of an entry, name of a registry, or id of a capability or component'),
  kind: z
    .enum([
      'registry',
      'component',
      'capability',
      'tool',
      'provider',
      'model',
      'plugin',
      'microservice',
      'adapter',
      'ml_framework',
      'dashboard_entry',
      'metric',
      'group',
      'missing',
      'unseen',
    ])
    .describe(
      'What it is; missing: nothing is called so; unseen: it may stand where the caller may not look',
    ),
  label: z.string().describe('Name shown to people'),
  status: z
    .enum(['ready', 'not ready', 'unknown'])
    .nullable()
    .describe('Whether it can be used here; null when nobody has looked'),
})

const edgeSchema = z.strictObject({
  from: z.string().describe('Id of the node that needs or names the other'),
  to: z.string().describe('Id of the other node'),
  type: z
    .enum(['requires', 'references', 'provided_by', 'shows'])
    .describe(
      'requires: cannot work without it; references: reads or names it; provided_by: any one of them is enough; ' +
        'shows: of the dashboard',
    ),
})

/** What `GET /graph.json` tells, in the words of `graph --format json`. */
export const graphSchema = z
  .strictObject({
    nodes: z.array(nodeSchema).describe('Each once, sorted by id'),
    edges: z.array(edgeSchema).describe('Each once, sorted by both ends and type'),
  })
  .describe('Who needs whom, of what the caller may see')

export type GraphDocument = z.infer<typeof graphSchema>

const linkSchema = z.strictObject({ href: z.string().describe('Path on this server') })

/** What `GET /` tells programs. */
const linksSchema = z
  .strictObject({
    name: z.string().describe('Name of the program'),
    version: z.string().describe('Its version'),
    _links: z
      .strictObject({
        self: linkSchema.describe('This answer'),
        health: linkSchema.describe('Whether all is well'),
        registries: z
          .array(linkSchema.extend({ name: z.enum(registryNames).describe('Name of the registry') }))
          .describe('The registries that the caller may read'),
        docs: linkSchema.describe('What the server answers, for people'),
        openapi: linkSchema.describe('What the server answers, for programs'),
      })
      .describe('Where to go on'),
  })
  .describe('Where to go on from here')

export type Links = Readonly<z.infer<typeof linksSchema>>

/** What `GET /openapi.json` tells. The specification has a schema of all of it. */
const openApiSchema = z
  .looseObject({
    openapi: z.string().describe('Version of OpenAPI'),
    info: z.looseObject({}).describe('What it is about'),
    paths: z.record(z.string(), z.looseObject({})).describe('What there is, by path'),
    components: z.looseObject({}).describe('Schemas, and how to sign in'),
  })
  .describe('An OpenAPI 3.1 document')

/** A registry in a path. The server reads the stem of the file, `tool_registry`, as well. */
const registryParameterSchema = z
  .enum([...registryNames, ...Object.values(registryFiles)])
  .describe('A registry, by its name or its file')

/** An entry in a path. */
const idParameterSchema = idSchema.describe('Id of an entry; what is not a letter or digit may be escaped')

/** What a filter is applied to. */
const queryParameterSchema = z
  .enum(['all', ...registryNames, ...Object.values(registryFiles)])
  .describe('A registry, by its name or its file, or all of them')

/** A filter in the language of jq. */
const filterParameterSchema = z.string().max(4096).describe('A filter in the language of jq')

/** Whatever a filter may make. */
const anyValueSchema = z.unknown().describe('Any JSON')

/** A text that has no schema of its own: a filter, a tag, a document that is not JSON. */
const plainTextSchema = z.string().describe('A text')

/** What `GET /health/:provider` tells. */
const providerHealthSchema = z
  .strictObject({
    provider: z.string().describe('Id of the provider'),
    status: z
      .enum(['ready', 'not ready', 'unknown'])
      .describe('Whether it can be used from here, as far as known; unknown: nobody has looked yet'),
    configured: z
      .boolean()
      .nullable()
      .describe('Whether what it needs to sign in is here; null: nobody has looked yet'),
    reachable: z.boolean().nullable().describe('Whether its address answered; null: it was not asked'),
    latency_ms: z
      .number()
      .nullable()
      .describe('How long the answer took, in milliseconds; null: there was none'),
    models: z.array(z.string()).readonly().describe('Ids of its models'),
    checked_at: timeSchema.nullable().describe('When it was looked at; null: never'),
    reason: z
      .string()
      .nullable()
      .describe('A sentence whenever something is not as it should be, or was not looked at'),
  })
  .describe('Whether a provider can be used from here')

export type ProviderHealth = Readonly<z.infer<typeof providerHealthSchema>>

const findingSchema = z.strictObject({
  registry: z.enum(registryNames).describe('Registry that it is in'),
  rule: z.string().describe('Rule that found it, as validate --rules lists them'),
  severity: z.enum(['error', 'warning']).describe('How bad it is'),
  message: z.string().describe('What is wrong'),
  pointer: z.string().describe('JSON Pointer (RFC 6901) to it'),
  hint: z.string().nullable().describe('What to do about it'),
})

/** What is answered to a write that was made. */
const writeOutcomeSchema = z
  .strictObject({
    outcome: z.enum(['created', 'updated', 'removed', 'unchanged']).describe('What was done'),
    registry: z.enum(registryNames).describe('Registry that was written'),
    id: z.string().nullable().describe('Entry that was written; null for all of it'),
    etag: z.string().describe('Tag of what is there now, as in the header').optional(),
    warnings: z.array(findingSchema).describe('What is worth putting right all the same'),
  })
  .describe('What became of a write')

export type WriteOutcome = Readonly<z.infer<typeof writeOutcomeSchema>>

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
