import * as z from 'zod'
import {
  daySchema,
  entryShape,
  idSchema,
  textSchema,
  timeSchema,
  webAddressSchema,
  wordSchema,
} from './common.ts'
import { maxPriceChanges, modelCapabilities, pricedFields } from './names.ts'

export const modelCapabilitySchema = wordSchema
  .describe(
    'A word that hyper_registry.json lists in capabilities of models. Without a list: ' +
      'streaming (sends output piece by piece), vision, audio, video, pdf (what it reads), function_calling, ' +
      'structured_output (output that follows a JSON Schema), reasoning, embeddings, image_generation, ' +
      'speech (speech to text or text to speech), prompt_caching, code (made for programming)',
  )
  .meta({ examples: [...modelCapabilities] })

const modalitySchema = z.enum(['text', 'image', 'audio', 'video', 'pdf'])
const tokens = z.int().min(0, 'a number of tokens')
const dollars = z
  .number()
  .min(0, 'a price in USD')
  .max(1_000_000, 'a price in USD per 1000 tokens, at most 1000000')

const inputPrice = dollars.describe('Price in USD per 1000 input tokens')
const outputPrice = dollars.describe('Price in USD per 1000 output tokens')
const cacheReadPrice = dollars.describe('Price in USD per 1000 input tokens that are read from the cache')
const cacheWritePrice = dollars.describe('Price in USD per 1000 input tokens that are written to the cache')

const otherPrices = {
  cost_per_1k_input: inputPrice.optional(),
  cost_per_1k_output: outputPrice.optional(),
  cost_per_1k_cache_read: cacheReadPrice.optional(),
  cost_per_1k_cache_write: cacheWritePrice.optional(),
}

const priceChangeSchema = z
  .strictObject({
    on: daySchema.describe('Day on which the new price was read'),
    field: z.enum(pricedFields).describe('Field with the price'),
    from: dollars.describe('Price before, in USD per 1000 tokens'),
    to: dollars.describe('Price since then'),
    url: webAddressSchema.describe('Where the new price was read'),
  })
  .describe('A change of a price that an import found')

const hourSchema = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day like 16:30')

const peakSchema = z
  .strictObject({
    days: z
      .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
      .describe('Days of the week; without it, every day')
      .optional(),
    from: hourSchema.describe('Begin, UTC'),
    to: hourSchema.describe('End, UTC; before the begin when it is on the next day'),
  })
  .describe('A time of the week with the peak price')

const tierSchema = z
  .strictObject({
    input_tokens_above: tokens.describe(
      'A request with more input tokens than this has these prices for all its tokens',
    ),
    ...otherPrices,
  })
  .describe('Prices of long requests')

const offPeakSchema = z
  .strictObject({
    peak_hours: z.array(peakSchema).min(1, 'at least one time').describe('When the peak prices hold'),
    ...otherPrices,
  })
  .describe('Prices outside the peak hours')

const variantSchema = z
  .strictObject({
    tag: textSchema.describe('What its runtime calls it').optional(),
    quantization: textSchema.describe('Number format of its weights, like Q4_K_M'),
    file_bytes: z.int().min(0, 'a number of bytes').describe('Size of its file in bytes').optional(),
    memory_bytes: z.int().min(0, 'a number of bytes').describe('Memory that it needs, in bytes').optional(),
  })
  .describe('One way in which its weights are distributed')

const billions = z.number().min(0, 'a number of billions').max(1_000_000, 'a number of billions')

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
    input_tokens_max: tokens
      .describe('Most input tokens in one request, when less than the context window')
      .optional(),
    embedding_dimensions: z
      .int()
      .min(1, 'a number of dimensions')
      .describe('Length of its vectors')
      .optional(),
    cost_per_1k_input: inputPrice
      .describe('Price in USD per 1000 input tokens: at peak hours, in the lowest tier')
      .optional(),
    cost_per_1k_output: outputPrice
      .describe('Price in USD per 1000 output tokens: at peak hours, in the lowest tier')
      .optional(),
    cost_per_1k_cache_read: cacheReadPrice.optional(),
    cost_per_1k_cache_write: cacheWritePrice.optional(),
    cost_tiers: z
      .array(tierSchema)
      .describe('Prices of requests with many input tokens, the lowest first')
      .optional(),
    cost_off_peak: offPeakSchema.optional(),
    latency_p95_ms: z
      .number()
      .min(0, 'a number of milliseconds')
      .describe('Measured 95th percentile of the latency, in milliseconds')
      .optional(),
    measured_at: timeSchema.describe('When the latency was measured').optional(),
    status: z
      .enum(['active', 'preview', 'deprecated', 'retired'])
      .describe(
        'Where it is in its life: active, preview (may change without notice), ' +
          'deprecated (works, but should not be chosen any more), retired (no longer available)',
      )
      .optional(),
    legacy: z
      .boolean()
      .describe('Whether its provider advises to move to the successor, though it is not deprecated')
      .optional(),
    released_on: daySchema.describe('Day of its release').optional(),
    deprecated_on: daySchema.describe('Day from which it should not be chosen any more').optional(),
    retires_on: daySchema.describe('Day from which it is no longer available').optional(),
    not_retired_before: daySchema
      .describe('First day on which its provider may retire it; no day of retirement is known')
      .optional(),
    successor: idSchema.describe('Id of the model to use instead, of the same provider').optional(),
    redirects_to: idSchema.describe('Id of the model that answers in its place').optional(),
    redirects_on: daySchema.describe('Day from which the other model answers').optional(),
    knowledge_cutoff: z
      .string()
      .regex(/^\d{4}-\d{2}(?:-\d{2})?$/, 'a month like 2026-04 or a day like 2026-04-30')
      .describe('Until when its training data reaches')
      .optional(),
    open_weights: z.boolean().describe('Whether its weights can be downloaded').optional(),
    license: textSchema.describe('License of its weights').optional(),
    parameters_b: billions.describe('Billions of parameters').optional(),
    active_parameters_b: billions.describe('Billions of parameters that work on each token').optional(),
    variants: z.array(variantSchema).describe('Downloads of its weights, with their sizes').optional(),
    'x-price-history': z
      .array(priceChangeSchema)
      .max(maxPriceChanges, `at most ${maxPriceChanges} changes`)
      .describe('Changes of its prices that imports found, the newest last')
      .optional(),
  })
  .describe('A model: who serves it, what it can do and what it costs')

export type Model = z.infer<typeof modelSchema>
