import * as z from 'zod'

const refSchema = z
  .string()
  .describe('A ref like tools/docker, or the id of a capability, component or missing thing')

const causeSchema = z.strictObject({
  ref: refSchema,
  status: z.enum(['not ready', 'unknown']).describe('Its own status'),
  reason: z.string().describe('Why, a sentence'),
  hint: z.string().describe('What fixes it'),
})

/** The response of `GET /explain/:registry/:id`. */
export const explanationSchema = z
  .strictObject({
    ref: refSchema.describe('The ref of the request, like models/gpt-4o'),
    status: z.enum(['ready', 'not ready', 'unknown']).describe('Whether it can be used here'),
    causes: z.array(causeSchema).describe('What to fix, in this order'),
    dependents: z.array(z.string()).describe('What cannot work without it'),
    warnings: z.array(z.string()).describe('Sentences that are worth knowing, though they block nothing'),
  })
  .describe('Whether one thing can be used here, and if not, why, and what fixes it')

export type ExplanationDocument = z.infer<typeof explanationSchema>
