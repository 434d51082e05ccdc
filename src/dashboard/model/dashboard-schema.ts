import * as z from 'zod'
import { uiComponents } from '../../registry/schema/dashboard.ts'
import { credentialStatuses, evidenceKinds } from '../../registry/schema/detected.ts'
import { registryNames } from '../../registry/schema/names.ts'

const timeSchema = z.string().describe('ISO 8601, UTC')

const readingSchema = z.strictObject({
  id: z.string().describe('Id of the metric'),
  name: z.string().describe('Name shown to people'),
  unit: z.string().nullable().describe('Like % or MB/s; null without one'),
  value: z.number().nullable().describe('Null when it is not known; `reason` says why'),
  level: z.enum(['ok', 'warning', 'critical', 'unknown']).describe('The value, held against its thresholds'),
  reason: z.string().nullable().describe('Why there is no value, a sentence; null when there is one'),
  read_at: timeSchema.nullable().describe('When it was read; null when it never was'),
  history: z
    .array(z.number().nullable())
    .describe('Values of before, the oldest first and the one of now last; null where there was none'),
  threshold_warning: z.number().nullable().describe('From this value on it is a warning'),
  threshold_critical: z
    .number()
    .nullable()
    .describe('From this value on it is critical; below the one for a warning, down to which'),
})

const factsSchema = z.strictObject({
  version: z.string().nullable().describe('Its version, as far as known'),
  path: z.string().nullable().describe('Where it is'),
  evidence: z.enum(evidenceKinds).nullable().describe('How it is known'),
  reason: z.string().nullable().describe('A sentence whenever it is not simply here'),
  checked_at: timeSchema.describe('When it was checked'),
})

const providerSchema = z.strictObject({
  is_key_set: z
    .boolean()
    .nullable()
    .describe('Whether its key is set, or none is needed; null when it was not checked'),
  credential: z
    .enum(credentialStatuses)
    .nullable()
    .describe('What the provider said of the key; null when it was not checked')
    .optional(),
  is_reachable: z
    .boolean()
    .nullable()
    .describe('Whether its address responds; null when that was not checked'),
  latency_ms: z.number().nullable().describe('How long its response took'),
  is_health_checked: z.boolean().describe('Whether its address is ever queried'),
  status_endpoint: z.string().nullable().describe('Path at which a server responds with its health'),
  models: z.array(z.string()).describe('Ids of the models to name'),
  capabilities: z.array(z.string()).describe('Capabilities to name'),
  runtime: z
    .strictObject({
      models: z
        .array(
          z.strictObject({
            id: z.string().describe('Its id at the runtime, like llama3.2:latest'),
            size_bytes: z.number().nullable().describe('Size of its weights; null when it is not known'),
            loaded: z.boolean().nullable().describe('Whether it is in memory; null when it is not known'),
          }),
        )
        .describe('Models that it has, those in memory first'),
    })
    .describe('Only of a local runtime, which needs no key')
    .optional(),
})

const cardSchema = z.strictObject({
  ref: z.string().describe('Ref of the entry, like dashboard/tools/docker'),
  subject: z
    .string()
    .nullable()
    .describe(
      'What it stands for, as /explain takes it: tools/docker; null for metrics and what is not there',
    ),
  component: z
    .enum(uiComponents)
    .nullable()
    .describe('Component that shows it; null when its entry is broken'),
  name: z.string().describe('Name shown to people'),
  icon: z.string().nullable().describe('One symbol'),
  description: z.string().nullable().describe('What it is'),
  state: z
    .enum(['on', 'off', 'broken', 'unknown'])
    .nullable()
    .describe('Whether the thing is here and works; null for metrics'),
  has_indicator: z.boolean().describe('Whether it shows a light for its state'),
  facts: factsSchema.nullable().describe('How that is known; null when it was not checked'),
  variables: z
    .array(
      z.strictObject({
        name: z.string().describe('Name of a variable that shells have of it'),
        value: z.string().nullable().describe('Its value; null where it is unset'),
      }),
    )
    .describe('Variables that shells have of it'),
  readings: z.array(readingSchema).describe('Metrics that belong to it'),
  provider: providerSchema.nullable().describe("What a provider's card tells besides"),
  warning: z.string().nullable().describe('Why it cannot be shown as it should be, a sentence'),
})

const idsSchema = z.array(z.string())

const changeSchema = z.strictObject({
  at: timeSchema.describe('When it was seen, ISO 8601 in UTC'),
  registry: z.enum(registryNames).describe('Registry that changed'),
  etag: z.string().nullable().describe('Of its document; null when it is unknown'),
  created: idsSchema.describe('Entries that came; JSON Pointers in a document'),
  updated: idsSchema.describe('Entries that differ'),
  removed: idsSchema.describe('Entries that went'),
  detected: z
    .array(
      z.strictObject({
        id: z.string().describe('Entry of which a sync says something else'),
        from: z.string().nullable().describe('Status before; null where it was not checked'),
        to: z.string().nullable().describe('Status now; null where it was not checked'),
      }),
    )
    .describe('What was found that was not so before'),
  more: z.record(z.string(), z.int()).describe('How many more there are, where a list is cut').optional(),
})

/** What `GET /dashboard.json` tells. */
export const dashboardViewSchema = z
  .strictObject({
    generated_at: timeSchema.describe('When this was put together'),
    sections: z
      .array(
        z.strictObject({
          id: z.string().describe('Unique among the sections, like container'),
          title: z.string().describe('Its heading'),
          cards: z.array(cardSchema).describe('What is shown in it, in its order'),
        }),
      )
      .describe('Parts of the dashboard, in their order'),
    changes: z
      .array(changeSchema)
      .describe('What has changed since the server was started, the newest first'),
    warnings: z.array(z.string()).describe('What is wrong with the dashboard registry as a whole'),
  })
  .describe('What a dashboard shows at this moment, of what the caller may see')

export type DashboardDocument = z.infer<typeof dashboardViewSchema>
