import * as z from 'zod'
import { entryShape, environmentNameSchema, idSchema, webAddressSchema } from './common.ts'
import { detectedSchema } from './detected.ts'

export const providerSchema = z
  .strictObject({
    ...entryShape,
    endpoint: webAddressSchema.describe('Address of the completion API; may hold a {model} placeholder'),
    base_url: webAddressSchema.describe('Address that all of its APIs share').optional(),
    auth_type: z.enum(['bearer', 'header', 'query', 'none']).describe('How the key is sent'),
    auth_header: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, 'a header name like X-Api-Key')
      .describe('Header that carries the key when auth_type is header')
      .optional(),
    auth_query: z
      .string()
      .min(1)
      .describe('Query parameter that carries the key when auth_type is query')
      .optional(),
    key_env: z
      .union([environmentNameSchema, z.array(environmentNameSchema).min(1)])
      .describe('Variable that holds the key, or an ordered list of names. The key itself is never read')
      .optional(),
    headers: z.record(z.string(), z.string()).describe('Headers that every request needs').optional(),
    models: z.array(idSchema).describe('Ids of its models'),
    docs: webAddressSchema.describe('Where its models are documented').optional(),
    detected: detectedSchema.optional(),
  })
  .describe('A provider of language models')

export type Provider = z.infer<typeof providerSchema>
