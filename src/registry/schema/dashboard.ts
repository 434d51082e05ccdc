import * as z from 'zod'
import { entryShape, exportNameSchema, idSchema, textSchema, urlPathSchema, versionSchema } from './common.ts'
import { modelCapabilitySchema } from './model.ts'
import { toolCategorySchema } from './tool.ts'

/** The six UI components of the specification's section 1. */
export const uiComponents = [
  'capability_badge',
  'gauge_meter',
  'sparkline_chart',
  'cluster_status_card',
  'provider_card',
  'number_badge',
] as const

const uiShape = {
  ...entryShape,
  display_name: textSchema.max(128, 'a text of at most 128 characters').describe('Name shown to people'),
  ui_component: z
    .enum(uiComponents)
    .describe(
      'Component that shows it: capability_badge (here or not), gauge_meter (a share of a whole), ' +
        'sparkline_chart (a line over time), cluster_status_card (pods and nodes), ' +
        'provider_card (health of a provider), number_badge (a plain number)',
    ),
  icon: textSchema.max(32, 'a symbol of at most 32 characters').describe('One symbol, like 🐳').optional(),
}

const toolEntrySchema = z
  .strictObject({
    ...uiShape,
    category: toolCategorySchema,
    env_var: exportNameSchema
      .describe('Variable that says whether it is here; the same as in its own registry')
      .optional(),
    secondary_env: exportNameSchema.describe('Variable with one more fact, shown beside it').optional(),
    env_vars: z
      .array(exportNameSchema)
      .min(1, 'at least one name like NEXUS_HAS_GPU')
      .describe('Variables that it shows; the first says whether it is here')
      .optional(),
    status_indicator: z
      .boolean()
      .describe('Whether its card shows a light: on, off, broken or unknown (default true)')
      .optional(),
    metrics: z
      .array(idSchema)
      .describe('Metrics shown with it')
      .meta({ examples: [['gpu_memory_percent', 'gpu_utilization']] })
      .optional(),
    dependency: z.array(idSchema).describe('Capabilities or tools that it needs to be useful').optional(),
  })
  .describe('How a tool or an ML framework is shown')

const providerEntrySchema = z
  .strictObject({
    ...uiShape,
    status_endpoint: urlPathSchema
      .describe(
        'Path below /health/ that serve answers with the health of the provider (default /health/ and its id)',
      )
      .meta({ examples: ['/health/openai'] })
      .optional(),
    models_display: z.array(idSchema).describe('Ids of the models to name on its card').optional(),
    capabilities: z.array(modelCapabilitySchema).describe('Capabilities to name on its card').optional(),
    health_check: z
      .boolean()
      .describe(
        'Whether sync --deep queries its address, and its card says whether it answers (default true)',
      )
      .optional(),
  })
  .describe('How a provider is shown')

const metricSchema = z
  .strictObject({
    ...uiShape,
    unit: textSchema
      .max(32, 'a unit of at most 32 characters')
      .describe('Unit that the value is shown with')
      .meta({ examples: ['%', 'ms', 'MB/s'] })
      .optional(),
    threshold_warning: z.number().describe('From this value on it is a warning').optional(),
    threshold_critical: z.number().describe('From this value on it is critical').optional(),
    source: z
      .strictObject({
        microservice: idSchema.describe('Id of the service that has the value'),
        path: urlPathSchema.describe('Path of the service that returns JSON'),
        pointer: z
          .string()
          .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'a JSON Pointer like /cpu/percent')
          .describe('JSON Pointer (RFC 6901) to the value in the response')
          .meta({ examples: ['/cpu/percent'] }),
      })
      .describe('Where the value comes from; without one it is measured here or unknown')
      .optional(),
  })
  .describe('How a metric is shown')

const entriesOf = <Schema extends z.ZodType>(schema: Schema, what: string) =>
  z.strictObject({ entries: z.record(idSchema, schema).describe(`${what}, by id`) })

const metricGroup = z.record(idSchema, metricSchema)

export const dashboardSchema = z
  .strictObject({
    version: versionSchema.describe('Version of this document, like 1.0.0'),
    description: z.string().describe('What it is for').optional(),
    sections: z
      .strictObject({
        tools: entriesOf(toolEntrySchema, 'Tools and ML frameworks').describe('Tools and ML frameworks'),
        providers: entriesOf(providerEntrySchema, 'Providers').describe('Providers of language models'),
        metrics: z
          .strictObject({
            system: metricGroup.describe('Metrics of the machine, by id').optional(),
            orchestrator: metricGroup.describe('Metrics of the orchestrator, by id').optional(),
          })
          .describe('Values that change all the time'),
      })
      .describe('Parts of the dashboard'),
  })
  .describe('Maps tools, providers and metrics to UI components')

export type Dashboard = z.infer<typeof dashboardSchema>
