import * as z from 'zod'
import { registryHealthSchema } from './registry-health.ts'

/** What `GET /health` tells. */
export const healthSchema = z
  .strictObject({
    status: z
      .enum(['ok', 'degraded'])
      .describe('degraded when a registry that the caller may read is stale, failed or missing'),
    registries: z.array(registryHealthSchema).describe('Those that the caller may read'),
  })
  .describe('Whether the server answers, and how fresh its registries are')

export type Health = Readonly<z.infer<typeof healthSchema>>
