import * as z from 'zod'
import {
  entryShape,
  requirementSchema,
  textSchema,
  urlPathSchema,
  versionSchema,
  webAddressSchema,
} from './common.ts'
import { serviceDetectedSchema } from './detected.ts'

export const microserviceSchema = z
  .strictObject({
    ...entryShape,
    name: textSchema.describe('Name shown to people'),
    type: textSchema
      .describe('Part it plays, for people')
      .meta({ examples: ['orchestrator', 'gateway', 'fusion', 'metrics'] }),
    url: webAddressSchema
      .describe('Address that it listens on')
      .meta({ examples: ['http://127.0.0.1:9001'] }),
    version: versionSchema.describe('Version of the service, like 1.0.0').optional(),
    requires: z
      .array(requirementSchema)
      .describe(
        'Ids of the other services, adapters or registries that it needs, with a range of versions where that matters',
      )
      .optional(),
    health_endpoint: urlPathSchema.describe('Path that returns 200 when it is healthy').optional(),
    endpoints: z.array(urlPathSchema).describe('Paths that it serves, for people'),
    detected: serviceDetectedSchema.optional(),
  })
  .describe('A running service: where it listens and what it serves')

export type Microservice = z.infer<typeof microserviceSchema>
