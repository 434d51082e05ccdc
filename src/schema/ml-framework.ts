import * as z from 'zod'
import { detectableShape, entryShape } from './common.ts'
import { detectedSchema } from './detected.ts'
import { probeKinds } from './tool.ts'

export const mlFrameworkSchema = z
  .strictObject({
    ...entryShape,
    import_name: z
      .string()
      .regex(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/, 'a Python module name like torch')
      .describe('Name that Python imports'),
    distribution: z
      .array(z.string().min(1))
      .describe('Names of the packages that may provide the module, most likely first')
      .optional(),
    ...detectableShape,
    probe: z
      .enum(probeKinds)
      .describe('Built-in probe to use instead of the one that detection implies')
      .optional(),
    detected: detectedSchema.optional(),
  })
  .describe('A machine-learning library')

export type MlFramework = z.infer<typeof mlFrameworkSchema>
