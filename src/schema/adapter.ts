import * as z from 'zod'
import { entryShape, idSchema, versionSchema } from './common.ts'
import { modelCapabilities } from './model.ts'

export const adapterSchema = z
  .strictObject({
    ...entryShape,
    path: z.string().min(1).describe('File of the adapter, from the root of the platform'),
    type: z.enum(['universal_adapter', 'provider_adapter']).describe('For all providers, or for one'),
    version: versionSchema.describe('Version of the adapter').optional(),
    requires: z.array(idSchema).describe('Other adapters, services or registries that it needs').optional(),
    provider: idSchema.describe('Id of the provider that a provider_adapter speaks to').optional(),
    providers: z.int().min(0).describe('How many providers a universal_adapter speaks to').optional(),
    capabilities_enum: z
      .array(z.enum(modelCapabilities))
      .describe('Capabilities that it can pass on')
      .optional(),
  })
  .describe('Code that speaks to a provider')

export type Adapter = z.infer<typeof adapterSchema>
