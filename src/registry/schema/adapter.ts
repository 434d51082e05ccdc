import * as z from 'zod'
import {
  entryShape,
  idSchema,
  isAboutObject,
  requirementSchema,
  textSchema,
  versionSchema,
} from './common.ts'
import { modelCapabilitySchema } from './model.ts'

export const adapterSchema = z
  .strictObject({
    ...entryShape,
    path: textSchema.describe('File of the adapter, from the root of the platform'),
    type: z
      .enum(['universal_adapter', 'provider_adapter'])
      .describe('universal_adapter speaks to all providers, provider_adapter to the one in provider'),
    version: versionSchema.describe('Version of the adapter, like 1.0.0').optional(),
    requires: z
      .array(requirementSchema)
      .describe(
        'Ids of the other adapters, services or registries that it needs, with a range of versions where that matters',
      )
      .optional(),
    provider: idSchema.describe('Id of the provider that a provider_adapter speaks to').optional(),
    providers: z
      .int()
      .min(0, 'a number of providers')
      .describe('How many providers a universal_adapter speaks to')
      .optional(),
    capabilities_enum: z
      .array(modelCapabilitySchema)
      .describe('Capabilities of models that it can pass on')
      .optional(),
  })
  .refine(adapter => adapter.type !== 'provider_adapter' || adapter.provider !== undefined, {
    path: ['provider'],
    when: isAboutObject,
    error: 'the id of a provider, since type is provider_adapter',
  })
  .describe('Code that speaks to one provider or to all of them')
  .meta({
    if: { properties: { type: { const: 'provider_adapter' } }, required: ['type'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits this object
    then: { required: ['provider'] },
  })

export type Adapter = z.infer<typeof adapterSchema>
