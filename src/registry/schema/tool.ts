import * as z from 'zod'
import { capabilitySchema, entryShape, exportNameSchema, wordSchema } from './common.ts'
import { detectableShape, secondaryVarsSchema } from './detectable.ts'
import { detectedSchema } from './detected.ts'
import { toolCategories } from './names.ts'

export const toolCategorySchema = wordSchema
  .describe(
    'Group that it is shown in, a word that hyper_registry.json lists in categories of tools. Without a list: ' +
      'container (Docker, Podman), orchestration (Kubernetes), compute (GPU, TPU), ml_framework, ' +
      'runtime (Node.js, Python), vcs (Git), cloud (AWS, Google Cloud, Azure), iac (Terraform, Ansible)',
  )
  .meta({ examples: [...toolCategories] })

const companionSchema = z
  .strictObject({
    type: exportNameSchema.describe('Variable for its kind, like nvidia').optional(),
    count: exportNameSchema.describe('Variable for how many there are').optional(),
    context: exportNameSchema.describe('Variable for the context that is selected').optional(),
  })
  .describe('Variables for further facts that the probe finds: set when the fact is known, otherwise unset')

export const toolSchema = z
  .strictObject({
    ...entryShape,
    category: toolCategorySchema.optional(),
    ...detectableShape,
    secondary_vars: secondaryVarsSchema,
    companion_vars: companionSchema.optional(),
    dependency: z
      .array(capabilitySchema)
      .describe('Capabilities or tools that it needs to be useful')
      .meta({ examples: [['container_runtime']] })
      .optional(),
    detected: detectedSchema.optional(),
  })
  .describe('A tool or capability of the machine: how it is found, and the variable that says so')

export type Tool = z.infer<typeof toolSchema>
