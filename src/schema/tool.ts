import * as z from 'zod'
import {
  capabilitySchema,
  detectableShape,
  entryShape,
  environmentNameSchema,
  exportNameSchema,
} from './common.ts'
import { detectedSchema } from './detected.ts'

/** The eight categories of the specification's section 1. */
export const toolCategories = [
  'container',
  'orchestration',
  'compute',
  'ml_framework',
  'runtime',
  'vcs',
  'cloud',
  'iac',
] as const

/** Built-in kinds of probe. */
export const probeKinds = ['path', 'command', 'python', 'gpu', 'tpu', 'kubernetes'] as const

export const toolSchema = z
  .strictObject({
    ...entryShape,
    category: z.enum(toolCategories).describe('Group that the tool is shown in').optional(),
    ...detectableShape,
    probe: z
      .enum(probeKinds)
      .describe('Built-in probe to use instead of the one that detection implies')
      .optional(),
    secondary_vars: z
      .array(environmentNameSchema)
      .describe('Variables of the tool itself that matter to its users')
      .optional(),
    companion_vars: z
      .partialRecord(z.enum(['type', 'count', 'context']), exportNameSchema)
      .describe('Variables that export facts the probe found: its type, count or context')
      .optional(),
    dependency: z
      .array(capabilitySchema)
      .describe('Capabilities or tools that it needs to be useful')
      .optional(),
    detected: detectedSchema.optional(),
  })
  .describe('A tool or capability of the machine')

export type Tool = z.infer<typeof toolSchema>
export type ProbeKind = (typeof probeKinds)[number]
