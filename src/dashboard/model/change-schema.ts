import * as z from 'zod'
import { detectedChanges } from '../../journal/change-kinds.ts'

/** A change of one entry, as the API shows it. */
export const changeSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      time: z.string().describe('When it was recorded, ISO 8601 in UTC'),
      ref: z.string().describe('Ref of the entry; keys of a part of the hyper or the dashboard registry'),
      kind: z.literal('edit').describe('Somebody or something changed the entry'),
      change: z.enum(['added', 'changed', 'removed']).describe('What was done'),
      by: z.string().describe('A command, fix, http, upstream, or file for an edit of the file'),
      fields: z.array(z.string()).readonly().describe('First keys of what changed inside the entry'),
    }),
    z.strictObject({
      time: z.string().describe('When it was recorded, ISO 8601 in UTC'),
      ref: z.string().describe('Ref of the entry; keys of a part of the hyper or the dashboard registry'),
      kind: z.literal('detected').describe('A sync found it'),
      change: z.enum(detectedChanges).describe('What became of it'),
      from: z.string().nullable().describe('Status, version or path before'),
      to: z.string().nullable().describe('Status, version or path since then'),
    }),
  ])
  .describe('A change that the journal has')

export type ChangeDocument = z.infer<typeof changeSchema>
