import * as z from 'zod'
import { entryShape, idSchema, urlPathSchema, versionSchema, webAddressSchema } from './common.ts'
import { detectedSchema } from './detected.ts'

export const microserviceSchema = z
  .strictObject({
    ...entryShape,
    name: z.string().min(1).describe('Name shown to people'),
    type: z.string().min(1).describe('Part it plays, like orchestrator, gateway or metrics'),
    url: webAddressSchema.describe('Address it listens on'),
    version: versionSchema.describe('Version of the service').optional(),
    requires: z.array(idSchema).describe('Other services, adapters or registries that it needs').optional(),
    health_endpoint: urlPathSchema.describe('Path that answers 200 when it is well').optional(),
    endpoints: z.array(urlPathSchema).describe('Paths that it serves'),
    detected: detectedSchema.optional(),
  })
  .describe('A running service')

export type Microservice = z.infer<typeof microserviceSchema>
