import * as z from 'zod'
import { daySchema, entryShape, idSchema, timeSchema } from './common.ts'

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

export const modelCapabilitySchema = z
  .enum(modelCapabilities)
  .describe(
    'streaming (sends output piece by piece), vision, audio, video, pdf (what it reads), function_calling, ' +
      'structured_output (output that follows a JSON Schema), reasoning, embeddings, image_generation, ' +
      'speech (speech to text or text to speech), prompt_caching, code (made for programming)',
  )

const modalitySchema = z.enum(['text', 'image', 'audio', 'video', 'pdf'])
const tokens = z.int().min(0, 'a number of tokens')
const dollars = z
  .number()
  .min(0, 'a price in USD')
  .max(1_000_000, 'a price in USD per 1000 tokens, at most 1000000')

export const modelSchema = z
  .strictObject({
    ...entryShape,
    provider: idSchema.describe('Id of the provider that serves it'),
    context_tokens: tokens.describe('Size of the context window in tokens; 0 when it reads no tokens'),
    output_tokens: tokens.describe('Most tokens in one response').optional(),
    capabilities: z.array(modelCapabilitySchema).describe('What it can do'),
    modalities: z
      .strictObject({
        input: z.array(modalitySchema).describe('What it reads'),
        output: z.array(modalitySchema).describe('What it writes'),
      })
      .describe('What it reads and writes')
      .optional(),
    cost_per_1k_input: dollars.describe('Price in USD per 1000 input tokens').optional(),
    cost_per_1k_output: dollars.describe('Price in USD per 1000 output tokens').optional(),
    latency_p95_ms: z
      .number()
      .min(0, 'a number of milliseconds')
      .describe('Measured 95th percentile of the latency, in milliseconds')
      .optional(),
    measured_at: timeSchema.describe('When the latency was measured').optional(),
    aliases: z.array(idSchema).describe('Other ids that mean this model').optional(),
    status: z
      .enum(['active', 'preview', 'deprecated', 'retired'])
      .describe(
        'Where it is in its life: active, preview (may change without notice), ' +
          'deprecated (works, but should not be chosen any more), retired (no longer available)',
      )
      .optional(),
    released_on: daySchema.describe('Day of its release').optional(),
    deprecated_on: daySchema.describe('Day from which it should not be chosen any more').optional(),
    retires_on: daySchema.describe('Day from which it is no longer available').optional(),
    successor: idSchema.describe('Id of the model to use instead').optional(),
  })
  .describe('A model: who serves it, what it can do and what it costs')

export type Model = z.infer<typeof modelSchema>
