import * as z from 'zod'

/** An answer that says no, RFC 9457. Looser than the rest: what else programs want to know stands beside it. */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('Kind of problem, a URI reference; about:blank says that the status tells it'),
    title: z.string().describe('The status in words'),
    status: z
      .int()
      .min(400, 'a status of 400 to 599')
      .max(599, 'a status of 400 to 599')
      .describe('The status'),
    detail: z.string().describe('What is wrong, and where'),
    hint: z.string().describe('What to do about it').optional(),
  })
  .describe('Why the answer is no, and what to do about it (RFC 9457)')

export type Problem = Readonly<z.infer<typeof problemSchema>>
