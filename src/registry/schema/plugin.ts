import * as z from 'zod'
import { entryShape, idSchema, requirementSchema, textSchema, versionSchema } from './common.ts'

export const pluginSchema = z
  .strictObject({
    ...entryShape,
    type: textSchema
      .describe('Part it plays, for people')
      .meta({ examples: ['core', 'dashboard', 'router', 'completion', 'prompt'] }),
    root: z
      .enum(['platform', 'program'])
      .describe('Where path begins: at the root of the platform (default), or at that of nexus-registry')
      .optional(),
    path: textSchema.describe('File of the module, from its root'),
    version: versionSchema.describe('Version of the module, like 1.0.0').optional(),
    dependencies: z.array(idSchema).describe('Ids of the tools that it calls'),
    requires: z
      .array(requirementSchema)
      .describe(
        'Ids of the other plug-ins, adapters, services or registries that it needs, with a range of versions where that matters',
      )
      .optional(),
    functions: z.array(textSchema).describe('Shell functions that it defines, for people'),
  })
  .describe('A module of a shell: its file, its functions and what it needs')

export type Plugin = z.infer<typeof pluginSchema>
