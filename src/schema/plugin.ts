import * as z from 'zod'
import { entryShape, idSchema, versionSchema } from './common.ts'

export const pluginSchema = z
  .strictObject({
    ...entryShape,
    type: z.string().min(1).describe('Part it plays, like core, dashboard, router or completion'),
    path: z.string().min(1).describe('File of the module, from the root of the Zsh configuration'),
    version: versionSchema.describe('Version of the module').optional(),
    dependencies: z.array(idSchema).describe('Tools that it calls'),
    requires: z.array(idSchema).describe('Other plug-ins, services or registries that it needs').optional(),
    functions: z.array(z.string().min(1)).describe('Shell functions that it defines'),
  })
  .describe('A Zsh module')

export type Plugin = z.infer<typeof pluginSchema>
