import * as z from 'zod'
import { uiComponents } from '../../registry/schema/dashboard.ts'
import { credentialStatuses, evidenceKinds } from '../../registry/schema/detected.ts'
import { registryNames } from '../../registry/schema/names.ts'
import { changeSchema } from './change-schema.ts'

const timeSchema = z.string().describe('ISO 8601, UTC')

const amountSchema = z.strictObject({
  used_bytes: z.number().describe('What is in use'),
  total_bytes: z.number().describe('What there is'),
})

const readingSchema = z.strictObject({
  id: z.string().describe('Id of the metric'),
  name: z.string().describe('Name shown to people'),
  unit: z.string().nullable().describe('Like % or MB/s; null without one'),
  value: z.number().nullable().describe('Null when it is not known; `reason` says why'),
  amount: amountSchema
    .nullable()
    .describe('What the value is of: of memory, disk and GPU memory; null for all others'),
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
  latency_history: z
    .array(z.number().nullable())
    .describe(
      'Response times of the last 24 hours in milliseconds, the oldest first; null where none was measured',
    ),
  variables: z
    .array(z.string())
    .describe('Variables of its key, in order; of a local runtime, the one with its address'),
  model_count: z.int().describe('How many models the registries have of it'),
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
            vram_bytes: z
              .number()
              .nullable()
              .describe('Memory of GPUs that it takes; null when it is not known'),
          }),
        )
        .describe('Models that it has, those in memory first'),
    })
    .describe('Only of a local runtime, which needs no key')
    .optional(),
})

const fixSchema = z
  .strictObject({
    text: z.string().describe('What to do'),
    command: z.string().nullable().describe('A command that does it; null where no command would'),
  })
  .describe('How to fix it')

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
  fix: fixSchema.nullable().describe('What makes it usable here; null when it is ready'),
  warning: z.string().nullable().describe('Why it cannot be shown as it should be, a sentence'),
})

const problemSchema = z.strictObject({
  ref: z.string().describe('Ref, as /explain takes it'),
  name: z.string().describe('Name shown to people'),
  status: z.enum(['not ready', 'not set up', 'unknown']).describe('Readiness'),
  reason: z.string().describe('A sentence without its full stop'),
  since: timeSchema.nullable().describe('Since when; null when the journal does not know it'),
  fix: fixSchema,
  blocks: z.array(z.string()).describe('Refs of what cannot work without it, the first ones'),
  blocks_count: z.int().describe('How many things it blocks'),
})
const machineSchema = z.strictObject({
  name: z.string().describe('Its host name'),
  system: z.string().describe('Name of its operating system, like Debian GNU/Linux 12 (bookworm)'),
  cores: z.int().describe('Number of logical processors'),
})

const gpuSchema = z.strictObject({
  id: z.string().describe('Stays the same: its UUID, PCI address or number'),
  name: z.string().nullable().describe('Name of its model'),
  driver: z.string().nullable().describe('Version of its driver'),
  memory_total_bytes: z
    .number()
    .nullable()
    .describe('Memory of its own; null where it shares that of the processor'),
  memory_used_bytes: z.number().nullable().describe('How much of that is in use'),
  utilization: z.number().nullable().describe('How busy it is, in per cent'),
  history: z
    .array(z.number().nullable())
    .describe('Utilization of before, the oldest first and the one of now last; null where there was none'),
  temperature_c: z.number().nullable().describe('In degrees Celsius'),
  power_w: z.number().nullable().describe('Power that it draws, in watts'),
  power_limit_w: z.number().nullable().describe('Most power that it may draw, in watts'),
  reason: z
    .string()
    .nullable()
    .describe('Why nothing is measured, a sentence; null as soon as something is known'),
  read_at: timeSchema.nullable().describe('When it was measured; null when it never was'),
})

export const dashboardModelSchema = z
  .strictObject({
    ref: z.string().describe('Ref of the model, as /explain takes it'),
    id: z.string().describe('Its id'),
    provider: z.string().describe('Id of its provider'),
    provider_name: z.string().describe('Name of its provider that is shown to people'),
    readiness: z
      .enum(['ready', 'not ready', 'not set up', 'unknown'])
      .describe('ready: it can be called from here'),
    is_local: z.boolean().describe('Whether a local runtime has it'),
    context_tokens: z.number().nullable().describe('Size of its context window; null: not known'),
    input_price: z.number().nullable().describe('USD per million input tokens; null: not known'),
    output_price: z.number().nullable().describe('USD per million output tokens; null: not known'),
    capabilities: z.array(z.string()).describe('What it can do'),
    status: z
      .enum(['active', 'preview', 'deprecated', 'retired'])
      .nullable()
      .describe('Where it is in its life; null: not known'),
    retires_on: z.string().nullable().describe('Day from which it is no longer available; null: not known'),
    successor: z.string().nullable().describe('Id of the model to use instead'),
    loaded: z.boolean().nullable().describe('Whether a local model is in memory; null: not known'),
    size_bytes: z.number().nullable().describe('Size of the weights of a local model'),
  })
  .describe('A model as the dashboard lists it')

const modelsSchema = z.strictObject({
  total: z.int().describe('How many models there are'),
  ready: z.int().describe('How many can be called from here'),
  not_set_up: z.int().describe('How many wait for a key or a runtime'),
  retired: z.int().describe('How many are no longer available'),
  through: z
    .array(
      z.strictObject({
        ref: z.string().describe('Ref of the provider'),
        name: z.string().describe('Name shown to people'),
        ready: z.int().describe('How many models can be called through it'),
        is_local: z.boolean().describe('Whether it is a local runtime'),
      }),
    )
    .describe('Providers and runtimes through which models can be called'),
  retiring: z.array(dashboardModelSchema).describe('Those that can be called and retire within half a year'),
  entries: z
    .array(dashboardModelSchema)
    .describe('The first 40: those that can be called first. /dashboard/models.json has all'),
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
    problems: z.array(problemSchema).describe('What is set up here and does not work'),
    models: modelsSchema.describe('The models in numbers, and the first of them'),
    changes: z.array(changeSchema).describe('The latest changes that the journal has, the newest first'),
    changes_last_day: z.int().describe('How many changes there were in the last 24 hours'),
    hidden: z.array(z.enum(registryNames)).describe('Registries that the caller may not read'),
    machine: machineSchema.nullable().describe('This machine; null for callers that may not read tools'),
    gpus: z
      .array(gpuSchema)
      .describe('GPUs of this machine as last measured; none for callers that may not read tools'),
    warnings: z.array(z.string()).describe('What is wrong with the dashboard registry as a whole'),
  })
  .describe('What a dashboard shows at this moment, of what the caller may see')

export type DashboardDocument = z.infer<typeof dashboardViewSchema>
