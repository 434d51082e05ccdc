import * as z from 'zod'
import { registryNames } from '../../registry/schema/names.ts'

const findingSchema = z.strictObject({
  registry: z.enum(registryNames).describe('Registry that it is in'),
  rule: z.string().describe('Rule that found it, as validate --rules lists them'),
  severity: z.enum(['error', 'warning']).describe('How bad it is'),
  message: z.string().describe('What is wrong'),
  pointer: z.string().describe('JSON Pointer (RFC 6901) to it'),
  hint: z.string().nullable().describe('What to do about it'),
})

/** What is answered to a write that was made. */
export const writeOutcomeSchema = z
  .strictObject({
    outcome: z.enum(['created', 'updated', 'removed', 'unchanged']).describe('What was done'),
    registry: z.enum(registryNames).describe('Registry that was written'),
    id: z.string().nullable().describe('Entry that was written; null for all of it'),
    etag: z.string().describe('Tag of what is there now, as in the header').optional(),
    warnings: z.array(findingSchema).describe('What is worth putting right all the same'),
  })
  .describe('What became of a write')

export type WriteOutcome = Readonly<z.infer<typeof writeOutcomeSchema>>
