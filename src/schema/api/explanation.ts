import * as z from 'zod'
import { detectedSchema } from '../detected.ts'

const refSchema = z
  .string()
  .describe('A ref like tools/docker, or the id of a capability, component or missing thing')

const causeSchema = z.strictObject({
  ref: refSchema,
  status: z.enum(['not ready', 'unknown']).describe('How it is itself'),
  reason: z.string().describe('Why, a sentence'),
  hint: z.string().describe('What would put it right'),
})

/** What `GET /explain/:registry/:id` tells, in the words of `explain --json`. */
export const explanationSchema = z
  .strictObject({
    ref: refSchema.describe('What was asked about, like models/gpt-4o'),
    status: z.enum(['ready', 'not ready', 'unknown']).describe('Whether it can be used here'),
    causes: z.array(causeSchema).describe('What is to be put right, in the order in which it has to be'),
    dependents: z.array(z.string()).describe('What cannot work without it'),
    warnings: z.array(z.string()).describe("What is worth knowing, though it stands in nobody's way"),
    detected: detectedSchema.optional(),
    hidden: z.array(z.string()).describe('Usable matches on PATH that the first one hides').optional(),
    passed_over: z
      .array(
        z.strictObject({
          path: z.string().describe('What was looked at'),
          why: z.string().describe('Why it was not taken'),
        }),
      )
      .describe('What was looked at, and not taken')
      .optional(),
  })
  .describe('Whether one thing can be used here, and if not, why, and what to do')

export type ExplanationAnswer = z.infer<typeof explanationSchema>
