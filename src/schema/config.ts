import * as z from 'zod'

/** Levels that a configuration can give to a rule of `validate`. */
export const ruleLevels = ['off', 'warning', 'error'] as const

/** Keys that decide what runs, what is believed or where it is sent: only the user's own file may set them. */
export const userOnlyKeys = ['home', 'python', 'concurrency', 'timeout'] as const

const validateShape = z.strictObject({
  rules: z.record(z.string(), z.enum(ruleLevels)).describe('Level of single rules, by id').optional(),
  strict: z.boolean().describe('Whether warnings count as errors').optional(),
  horizon: z
    .string()
    .regex(/^\d{1,4}d$/, 'a number of days like 30d')
    .describe('How far ahead the retirement of a model is worth a warning')
    .optional(),
})

/** A configuration file, of the user or of a project. */
export const configSchema = z
  .strictObject({
    $schema: z.string().describe('Address of this schema, for editors').optional(),
    home: z.string().min(1).describe('Registry home').optional(),
    python: z.string().min(1).describe('Python interpreter that is asked for ML frameworks').optional(),
    concurrency: z.int().min(1).max(256).describe('Most probes at once').optional(),
    timeout: z.number().positive().max(600).describe('Deadline of each probe, in seconds').optional(),
    validate: validateShape.describe('How registries are checked').optional(),
  })
  .describe('Configuration of nexus-registry')

export type ConfigFile = z.infer<typeof configSchema>
