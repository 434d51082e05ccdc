import * as z from 'zod'
import { changeSchema } from '../dashboard/model/change-schema.ts'
import { dashboardModelSchema, dashboardViewSchema } from '../dashboard/model/dashboard-schema.ts'
import { graphEdgeTypes, nodeKinds, readinessWords } from '../graph/graph.ts'
import { explanationSchema } from '../readiness/explanation-schema.ts'
import { adapterSchema } from '../registry/schema/adapter.ts'
import { exportNameSchema, idSchema, timeSchema } from '../registry/schema/common.ts'
import {
  detectedSchema,
  localDetectedSchema,
  providerDetectedSchema,
  serviceDetectedSchema,
} from '../registry/schema/detected.ts'
import { subRegistrySchema } from '../registry/schema/hyper.ts'
import { microserviceSchema } from '../registry/schema/microservice.ts'
import { mlFrameworkSchema } from '../registry/schema/ml-framework.ts'
import { modelSchema } from '../registry/schema/model.ts'
import {
  type RegistryName,
  registryFiles,
  registryNames,
  type SubRegistryName,
} from '../registry/schema/names.ts'
import { pluginSchema } from '../registry/schema/plugin.ts'
import { providerSchema } from '../registry/schema/provider.ts'
import {
  type JsonSchema,
  registrySchemas,
  toJsonSchemas,
  withSchemaKey,
} from '../registry/schema/registries.ts'
import { toolSchema } from '../registry/schema/tool.ts'
import { healthSchema, registryHealthSchema } from '../sync/health-schema.ts'
import { problemSchema } from './problem.ts'

/** The response of `GET /env.json`: the output of `env --shell json`. */
const environmentSchema = z
  .record(exportNameSchema, z.string().nullable())
  .describe('Variables and their values; null for a variable to unset')

const nodeSchema = z.strictObject({
  id: z.string().describe('Ref of an entry, name of a registry, or id of a capability or component'),
  kind: z
    .enum(nodeKinds)
    .describe(
      'What it is; missing: nothing has this name; unseen: it may be in a registry that the caller may not read',
    ),
  label: z.string().describe('Name shown to people'),
  status: z
    .enum(readinessWords)
    .nullable()
    .describe('Whether it can be used here; null when it was not evaluated'),
})

const edgeSchema = z.strictObject({
  from: z.string().describe('Id of the node that needs or names the other'),
  to: z.string().describe('Id of the other node'),
  type: z
    .enum(graphEdgeTypes)
    .describe(
      'requires: cannot work without it; references: reads or names it; provided_by: any one of them is enough; ' +
        'shows: of the dashboard',
    ),
})

/** The response of `GET /graph.json`: the output of `graph --format json`. */
const graphSchema = z
  .strictObject({
    nodes: z.array(nodeSchema).describe('Each once, sorted by id'),
    edges: z.array(edgeSchema).describe('Each once, sorted by both ends and type'),
  })
  .describe('The dependency graph of what the caller may read')

const linkSchema = z.strictObject({ href: z.string().describe('Path on this server') })

/** The response of `GET /` for programs. */
const linksSchema = z
  .strictObject({
    name: z.string().describe('Name of the program'),
    version: z.string().describe('Its version'),
    _links: z
      .strictObject({
        self: linkSchema.describe('This response'),
        health: linkSchema.describe('The health of the server'),
        registries: z
          .array(linkSchema.extend({ name: z.enum(registryNames).describe('Name of the registry') }))
          .describe('The registries that the caller may read'),
        docs: linkSchema.describe('The API, for people'),
        openapi: linkSchema.describe('The API, for programs'),
      })
      .describe('Links'),
  })
  .describe('Links to the parts of the API')

export type Links = Readonly<z.infer<typeof linksSchema>>

/** The response of `GET /openapi.json`. The specification has its full schema. */
const openApiSchema = z
  .looseObject({
    openapi: z.string().describe('Version of OpenAPI'),
    info: z.looseObject({}).describe('What it is about'),
    paths: z.record(z.string(), z.looseObject({})).describe('Operations by path'),
    components: z.looseObject({}).describe('Schemas, and how to sign in'),
  })
  .describe('An OpenAPI 3.1 document')

/** A registry in a path. The server accepts the stem of the file, `tool_registry`, as well. */
const registryParameterSchema = z
  .enum([...registryNames, ...Object.values(registryFiles)])
  .describe('A registry, by its name or its file')

const idParameterSchema = idSchema.describe(
  'Id of an entry; other characters than letters and digits may be percent-encoded',
)

/** The input of a filter. */
const queryParameterSchema = z
  .enum(['all', ...registryNames, ...Object.values(registryFiles)])
  .describe('A registry, by its name or its file, or all of them')

const filterParameterSchema = z.string().max(4096).describe('A filter in the language of jq')

/** Output of a filter. */
const anyValueSchema = z.unknown().describe('Any JSON')

/** A text without its own schema: a filter, a tag, a document that is not JSON. */
const plainTextSchema = z.string().describe('A text')

/** The response of `GET /health/:provider`. */
const providerHealthSchema = z
  .strictObject({
    provider: z.string().describe('Id of the provider'),
    status: z
      .enum(readinessWords)
      .describe('Whether it can be used from here, as far as known; unknown: it was not probed yet'),
    configured: z
      .boolean()
      .nullable()
      .describe('Whether its credentials are configured here; null: it was not probed yet'),
    reachable: z.boolean().nullable().describe('Whether its address responded; null: it was not queried'),
    latency_ms: z
      .number()
      .nullable()
      .describe('Time until the response, in milliseconds; null: there was none'),
    models: z.array(z.string()).readonly().describe('Ids of its models'),
    checked_at: timeSchema.nullable().describe('When it was probed; null: never'),
    reason: z.string().nullable().describe('A sentence when there is a problem, or when it was not probed'),
  })
  .describe('Whether a provider can be used from here')

export type ProviderHealth = Readonly<z.infer<typeof providerHealthSchema>>

const findingSchema = z.strictObject({
  registry: z.enum(registryNames).describe('Registry that it is in'),
  rule: z.string().describe('Id of the rule, as in validate --rules'),
  severity: z.enum(['error', 'warning']).describe('Severity'),
  message: z.string().describe('The error or warning'),
  pointer: z.string().describe('JSON Pointer (RFC 6901) to it'),
  hint: z.string().nullable().describe('What to do about it'),
})

/** The response to a write that was made. */
const writeOutcomeSchema = z
  .strictObject({
    outcome: z.enum(['created', 'updated', 'removed', 'unchanged']).describe('What the write did'),
    registry: z.enum(registryNames).describe('Registry that was written'),
    id: z.string().nullable().describe('Entry that was written; null for a whole document'),
    etag: z.string().describe('ETag of the current version, as in the header').optional(),
    warnings: z.array(findingSchema).describe('Warnings about the written content'),
  })
  .describe('The result of a write')

export type WriteOutcome = Readonly<z.infer<typeof writeOutcomeSchema>>

/** The request body of `POST /session`. */
const linkTokenSchema = z
  .strictObject({ token: z.string().describe('What follows #token= in the link') })
  .describe("The token of the owner's link")

/** The response of `POST /session`. */
const sessionSchema = z
  .strictObject({
    session: z.string().describe('Sent as Authorization: Bearer SESSION, from this machine only'),
    expires_at: timeSchema.describe('When it ends, unless the server stops before'),
  })
  .describe("A session of the owner's page")

export type SessionDocument = Readonly<z.infer<typeof sessionSchema>>

/** A model that only a local runtime has: no file has it. */
const localModelEntrySchema = modelSchema
  .extend({
    context_tokens: z.int().nullable().describe('Size of its context window in tokens; null: not known'),
    source: z.literal('local').describe('A local runtime has it'),
    size_bytes: z.int().nullable().describe('Size of its weights in bytes; null: not known'),
    quantization: z.string().nullable().describe('Number format of its weights; null: not known'),
    loaded: z.boolean().nullable().describe('Whether it is in memory; null: not known'),
    vram_bytes: z.int().nullable().describe('GPU memory that it uses, in bytes; null: not known'),
  })
  .describe('A model that a local runtime has, by the last sync. It is in no file, and cannot be written')

/** The response of `GET /changes`. */
const changesSchema = z.array(changeSchema).describe('Changes of the last 30 days, the newest first')

/** Schemas of requests and responses, by their name in /openapi.json. Routes use these names. */
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
  LocalModel: localModelEntrySchema,
  Plugin: pluginSchema,
  Microservice: microserviceSchema,
  Adapter: adapterSchema,
  MlFramework: mlFrameworkSchema,
  SubRegistry: subRegistrySchema,
  Detected: detectedSchema,
  ProviderDetected: providerDetectedSchema,
  LocalDetected: localDetectedSchema,
  ServiceDetected: serviceDetectedSchema,
  Changes: changesSchema,
  DashboardModels: z.array(dashboardModelSchema).describe('All models, those that can be called first'),
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
  LinkToken: linkTokenSchema,
  Session: sessionSchema,
  Problem: problemSchema,
  RegistryParameter: registryParameterSchema,
  IdParameter: idParameterSchema,
  QueryParameter: queryParameterSchema,
  FilterParameter: filterParameterSchema,
  AnyValue: anyValueSchema,
  Text: plainTextSchema,
} as const

export type ApiSchemaName = keyof typeof apiSchemas

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
