import * as z from 'zod'
import { entryShape, textSchema } from './common.ts'
import { detectableShape, secondaryVarsSchema } from './detectable.ts'
import { detectedSchema } from './detected.ts'

export const mlFrameworkSchema = z
  .strictObject({
    ...entryShape,
    import_name: z
      .string()
      .regex(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/, 'a Python module name like torch')
      .describe('Name that Python imports, like sklearn for scikit-learn'),
    distribution: z
      .array(textSchema)
      .describe('Names of the packages that may provide the module, most likely first')
      .meta({ examples: [['onnxruntime', 'onnxruntime-gpu']] })
      .optional(),
    ...detectableShape,
    secondary_vars: secondaryVarsSchema,
    detected: detectedSchema.optional(),
  })
  .describe('A machine-learning library of Python: how it is found, and the variable that says so')

export type MlFramework = z.infer<typeof mlFrameworkSchema>
