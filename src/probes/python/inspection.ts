import * as z from 'zod'

const distributionSchema = z.object({ name: z.string(), version: z.string().nullable() })

const moduleSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('missing'), name: z.string() }),
  z.object({ state: z.literal('failed'), name: z.string(), reason: z.string() }),
  z.object({ state: z.literal('namespace'), name: z.string(), path: z.string().nullable() }),
  z.object({
    state: z.literal('found'),
    name: z.string(),
    path: z.string(),
    /** Origin, and when it and the package's directory were last changed. */
    stamp: z.tuple([z.string(), z.number().nullable(), z.number().nullable()]),
    distributions: z.array(distributionSchema),
  }),
])

/** Path and when it was last changed, in milliseconds; null when it is not there. */
const watchedSchema = z.tuple([z.string(), z.number().nullable()])

/** What `inspectScript` prints. */
export const inspectionSchema = z.object({
  version: z.string(),
  prefix: z.string(),
  modules: z.array(moduleSchema),
  watched: z.array(watchedSchema),
})

export type Inspection = z.infer<typeof inspectionSchema>
export type InspectedModule = z.infer<typeof moduleSchema>
export type FoundModule = Extract<InspectedModule, { state: 'found' }>
