import * as z from 'zod'
import { timeSchema } from '../registry/schema/common.ts'
import { registryNames } from '../registry/schema/names.ts'

const seconds = z.int().min(0, 'a number of seconds')

/** How fresh a registry is: the response of `GET /health/registry/:registry`. */
export const registryHealthSchema = z
  .strictObject({
    name: z.enum(registryNames).describe('Name of the registry'),
    status: z
      .enum(['fresh', 'stale', 'failed', 'missing', 'never synced'])
      .describe(
        'fresh; stale: older than its ttl, or the last attempt failed; failed: it cannot be used; ' +
          'missing: there is no file; never synced: as it was shipped, no sync has run yet',
      ),
    age_seconds: z
      .int()
      .nullable()
      .describe('Seconds since the last success; null when there was none, or none is needed'),
    ttl_seconds: seconds.describe('Age from which it is stale, in seconds'),
    entries: z.int().min(0, 'a number of entries').describe('How many entries it has'),
    entries_expected: z
      .int()
      .min(0, 'a number of entries')
      .nullable()
      .describe('How many entries it should have, when the hyper registry says so'),
    last_success: timeSchema.nullable().describe('When it was last synced, ISO 8601 in UTC'),
    source: z
      .enum(['upstream', 'detection', 'file'])
      .describe(
        'Where its content comes from: another server, a probe of this machine, or people who edit the file',
      ),
    error: z.string().nullable().describe('The error, a sentence'),
  })
  .describe('How fresh a registry is')

export type RegistryHealth = Readonly<z.infer<typeof registryHealthSchema>>

/** The response of `GET /health`. */
export const healthSchema = z
  .strictObject({
    status: z
      .enum(['ok', 'degraded'])
      .describe('degraded when a registry that the caller may read is stale, failed or missing'),
    registries: z.array(registryHealthSchema).describe('The registries that the caller may read'),
  })
  .describe('Whether the server works, and how fresh its registries are')

export type Health = Readonly<z.infer<typeof healthSchema>>
