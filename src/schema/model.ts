import * as z from 'zod'
import { daySchema, entryShape, idSchema, momentSchema } from './common.ts'

const price = z.number().min(0).max(1_000_000)

/** What a model can do, beyond text in and text out. */
export const modelCapabilities = [
  'streaming',
  'vision',
  'audio',
  'video',
  'function_calling',
  'structured_output',
  'reasoning',
  'embeddings',
  'image_generation',
  'speech',
  'pdf',
  'prompt_caching',
  'code',
] as const

const modality = z.enum(['text', 'image', 'audio', 'video', 'pdf'])

export const modelSchema = z
  .strictObject({
    ...entryShape,
    provider: idSchema.describe('Id of the provider that serves it'),
    context_tokens: z.int().min(0).describe('Size of the context window in tokens'),
    output_tokens: z.int().min(0).describe('Most tokens in one answer').optional(),
    capabilities: z.array(z.enum(modelCapabilities)).describe('What it can do'),
    modalities: z
      .strictObject({ input: z.array(modality), output: z.array(modality) })
      .describe('What it reads and writes')
      .optional(),
    cost_per_1k_input: price.describe('USD per 1000 input tokens').optional(),
    cost_per_1k_output: price.describe('USD per 1000 output tokens').optional(),
    latency_p95_ms: z
      .number()
      .min(0)
      .describe('Measured 95th percentile of the latency, in milliseconds')
      .optional(),
    measured_at: momentSchema.describe('When the latency was measured').optional(),
    aliases: z.array(idSchema).describe('Other ids that mean this model').optional(),
    status: z
      .enum(['active', 'preview', 'deprecated', 'retired'])
      .describe('Where it is in its life')
      .optional(),
    released_on: daySchema.describe('Day of its release').optional(),
    deprecated_on: daySchema.describe('Day from which it should not be chosen any more').optional(),
    retires_on: daySchema.describe('Day from which it does not answer any more').optional(),
    successor: idSchema.describe('Id of the model to use instead').optional(),
  })
  .describe('A language model')

export type Model = z.infer<typeof modelSchema>
