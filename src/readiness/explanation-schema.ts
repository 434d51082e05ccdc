import * as z from 'zod'
import { readinessWords } from '../graph/graph.ts'

const refSchema = z
  .string()
  .describe('A ref like tools/docker, or the id of a capability, component or missing thing')

const statusSchema = z.enum(readinessWords)

const fixSchema = z
  .strictObject({
    text: z.string().describe('What to do'),
    command: z.string().nullable().describe('A command that does it; null where no command would'),
  })
  .describe('What fixes it')

const causeSchema = z.strictObject({
  ref: refSchema,
  status: statusSchema.exclude(['ready']).describe('Its own status'),
  reason: z.string().describe('Why, a sentence'),
  fix: fixSchema,
})

/** The response of `GET /explain/:registry/:id`. */
export const explanationSchema = z
  .strictObject({
    ref: refSchema.describe('The ref of the request, like models/gpt-4o'),
    status: statusSchema.describe('Whether it can be used here'),
    via_platform: z
      .strictObject({
        status: statusSchema.exclude(['unknown']).describe('Whether the platform can use it here'),
        causes: z.array(causeSchema).describe('What to fix, in this order'),
      })
      .describe('Path of a model through the platform. It never changes the status')
      .optional(),
    causes: z.array(causeSchema).describe('What to fix, in this order'),
    warnings: z.array(z.string()).describe('Sentences that are worth knowing, though they block nothing'),
    secondary_vars: z
      .array(
        z.strictObject({
          name: z.string().describe('Name of a variable of the software itself'),
          is_set: z.boolean().describe('Whether it is set in the environment of the server'),
          value: z
            .string()
            .nullable()
            .describe('Its value, never over HTTP: the environment is that of the user of the server'),
        }),
      )
      .describe('Variables of its secondary_vars. Not for entries that came over the network')
      .optional(),
    dependents: z.array(z.string()).describe('What cannot work without it'),
  })
  .describe('Whether one thing can be used here, and if not, why, and what fixes it')

export type ExplanationDocument = z.infer<typeof explanationSchema>
