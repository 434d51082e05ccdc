import * as z from 'zod'

const refSchema = z
  .string()
  .describe('A ref like tools/docker, or the id of a capability, component or missing thing')

const causeSchema = z.strictObject({
  ref: refSchema,
  status: z.enum(['not ready', 'unknown']).describe('How it is itself'),
  reason: z.string().describe('Why, a sentence'),
  hint: z.string().describe('What would put it right'),
})

/** What `GET /explain/:registry/:id` tells. */
export const explanationSchema = z
  .strictObject({
    ref: refSchema.describe('What was asked about, like models/gpt-4o'),
    status: z.enum(['ready', 'not ready', 'unknown']).describe('Whether it can be used here'),
    causes: z.array(causeSchema).describe('What is to be put right, in the order in which it has to be'),
    dependents: z.array(z.string()).describe('What cannot work without it'),
    warnings: z.array(z.string()).describe("What is worth knowing, though it stands in nobody's way"),
  })
  .describe('Whether one thing can be used here, and if not, why, and what to do')

export type ExplanationDocument = z.infer<typeof explanationSchema>
