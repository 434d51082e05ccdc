import * as z from 'zod'
import { entryShape, exportNameSchema, idSchema, urlPathSchema, versionSchema } from './common.ts'
import { modelCapabilities } from './model.ts'
import { toolCategories } from './tool.ts'

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
  display_name: z.string().min(1).max(128).describe('Name shown to people'),
  ui_component: z.enum(uiComponents).describe('Component that shows it'),
  icon: z.string().min(1).max(32).describe('One symbol').optional(),
}

const toolEntrySchema = z
  .strictObject({
    ...uiShape,
    category: z.enum(toolCategories).describe('Group that it is shown in'),
    env_var: exportNameSchema.describe('Variable that says whether it is here').optional(),
    secondary_env: exportNameSchema.describe('Variable with one more fact').optional(),
    env_vars: z
      .array(exportNameSchema)
      .min(1)
      .describe('Variables that it shows, the first says whether it is here')
      .optional(),
    status_indicator: z.boolean().describe('Whether to show a light').optional(),
    metrics: z.array(idSchema).describe('Metrics shown with it').optional(),
    dependency: z.array(idSchema).describe('Capabilities that it needs').optional(),
  })
  .describe('How a tool or an ML framework is shown')

const providerEntrySchema = z
  .strictObject({
    ...uiShape,
    status_endpoint: urlPathSchema.describe('Path that answers with its health').optional(),
    models_display: z.array(idSchema).describe('Models to name on its card').optional(),
    capabilities: z.array(z.enum(modelCapabilities)).describe('Capabilities to name on its card').optional(),
    health_check: z.boolean().describe('Whether to ask for its health').optional(),
  })
  .describe('How a provider is shown')

const metricSchema = z
  .strictObject({
    ...uiShape,
    unit: z.string().min(1).max(32).describe('Unit that the value is shown with').optional(),
    threshold_warning: z.number().describe('From this value on it is a warning').optional(),
    threshold_critical: z.number().describe('From this value on it is critical').optional(),
    source: z
      .strictObject({
        microservice: idSchema.describe('Service that has the value'),
        path: urlPathSchema.describe('Path that answers with JSON'),
        pointer: z.string().describe('JSON Pointer to the value in the answer'),
      })
      .describe('Where the value comes from; without one it is measured here or unknown')
      .optional(),
  })
  .describe('How a metric is shown')

const metricGroup = z.record(idSchema, metricSchema)

export const dashboardSchema = z
  .strictObject({
    version: versionSchema.describe('Version of this document'),
    description: z.string().describe('What it is for').optional(),
    sections: z
      .strictObject({
        tools: z
          .strictObject({ entries: z.record(idSchema, toolEntrySchema) })
          .describe('Tools and ML frameworks'),
        providers: z.strictObject({ entries: z.record(idSchema, providerEntrySchema) }).describe('Providers'),
        metrics: z
          .strictObject({
            system: metricGroup.describe('Metrics of the machine').optional(),
            orchestrator: metricGroup.describe('Metrics of the orchestrator').optional(),
          })
          .describe('Metrics'),
      })
      .describe('Parts of the dashboard'),
  })
  .describe('Maps tools, providers and metrics to UI components')

export type Dashboard = z.infer<typeof dashboardSchema>
