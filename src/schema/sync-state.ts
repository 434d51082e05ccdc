import * as z from 'zod'
import { momentSchema } from './common.ts'

/** How the health endpoint of an upstream judges the registry that it serves. */
export const upstreamHealths = ['fresh', 'stale', 'failed', 'unknown'] as const

/** What is remembered of the attempts to keep one registry fresh. Times are ISO 8601 in UTC. */
export const syncStateSchema = z.strictObject({
  /** Address of its upstream; null for what is found out on this machine. */
  url: z.string().nullable(),
  last_attempt: momentSchema,
  last_success: momentSchema.nullable(),
  /** When the daemon will try again; null when none is running. */
  next_attempt: momentSchema.nullable(),
  consecutive_failures: z.int().min(0),
  /** Why the last attempt failed, a sentence without its full stop. */
  error: z.string().nullable(),
  /** Whether its upstream said that there is nothing to be had, so that no old copy counts (401, 403, 404, 410). */
  is_refused: z.boolean(),
  etag: z.string().nullable(),
  /** As the upstream sent it. */
  last_modified: z.string().nullable(),
  /** SHA-256 of the registry's file as the last success left it, without `detected`: `etag` belongs to that. */
  file_sha256: z.string().nullable(),
  upstream_health: z.enum(upstreamHealths).nullable(),
  /** Polls that were answered from what is here, as nothing had changed, and those that were not. */
  cache_hits: z.int().min(0),
  cache_misses: z.int().min(0),
})

export type SyncState = z.infer<typeof syncStateSchema>
