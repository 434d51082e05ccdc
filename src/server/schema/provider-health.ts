import * as z from 'zod'
import { momentSchema } from '../../registry/schema/common.ts'

/** What `GET /health/:provider` tells. */
export const providerHealthSchema = z
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
    checked_at: momentSchema.nullable().describe('When it was looked at; null: never'),
    reason: z
      .string()
      .nullable()
      .describe('A sentence whenever something is not as it should be, or was not looked at'),
  })
  .describe('Whether a provider can be used from here')

export type ProviderHealth = Readonly<z.infer<typeof providerHealthSchema>>
