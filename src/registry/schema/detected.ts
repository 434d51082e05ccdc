import * as z from 'zod'
import { timeSchema } from './common.ts'
import { maxLocalModels } from './names.ts'

/** What can be said of a thing after looking for it. */
export const detectionStatuses = ['present', 'absent', 'broken', 'unknown'] as const

/** How a probe knows what it says. */
export const evidenceKinds = ['path', 'shim', 'command', 'metadata', 'import', 'sysfs', 'config'] as const

/** What a probe found on this machine. Written by `sync`, read by everything else. */
export const detectedSchema = z
  .strictObject({
    status: z
      .enum(detectionStatuses)
      .describe('present; absent; broken: found but does not work; unknown: could not be checked'),
    path: z.string().nullable().describe('Where it was found'),
    version: z.string().nullable().describe('Version in normal form, null when it could not be found out'),
    evidence: z
      .enum(evidenceKinds)
      .nullable()
      .describe(
        'How this is known: path (a program on PATH), shim (of a version manager), command (it ran), ' +
          'metadata (an installed package), import (Python imported it), sysfs (the kernel), config (a file); ' +
          'null when it was not found',
      ),
    reason: z
      .string()
      .nullable()
      .describe('A sentence whenever it is not present or a part could not be found out, else null'),
    checked_at: timeSchema.describe('When it was checked, like 2026-11-23T08:42:55.000Z'),
    details: z
      .record(z.string(), z.unknown())
      .describe('Facts of the kind of probe: GPUs, the Kubernetes context, the interpreter that was searched')
      .optional(),
  })
  .describe('What was found on this machine. Written by sync: do not edit')

/** Result of a health check, or why there was none. */
export const serviceStatuses = ['up', 'down', 'unknown'] as const

/** Whether what a provider needs to sign in is here. */
export const providerStatuses = ['configured', 'unconfigured', 'unknown'] as const

/** What a provider said of the credential. */
export const credentialStatuses = ['valid', 'rejected'] as const

const latencySchema = z
  .number()
  .min(0, 'a number of milliseconds')
  .nullable()
  .describe('How long the response took, in milliseconds; null when there was none')

const askedReasonSchema = z
  .string()
  .nullable()
  .describe('Why it could not be reached or was not checked, a sentence; else null')

const askedAtSchema = timeSchema.describe('When it was checked, like 2026-11-23T08:42:55.000Z')

/** Result of a health check of a service. */
export const serviceDetectedSchema = z
  .strictObject({
    status: z.enum(serviceStatuses).describe('up; down; unknown: it could not be checked'),
    latency_ms: latencySchema,
    latency_p95_ms: z
      .number()
      .min(0, 'a number of milliseconds')
      .describe('95th percentile of its last 100 successful responses, in milliseconds; from 20 of them on')
      .optional(),
    last_up_at: timeSchema.describe('When it was last up here; absent when it never was').optional(),
    reason: askedReasonSchema,
    checked_at: askedAtSchema,
  })
  .describe('Result of the health check. Written by sync: do not edit')

/** Whether a provider can be used from here. */
export const providerDetectedSchema = z
  .strictObject({
    status: z
      .enum(providerStatuses)
      .describe(
        'configured: a credential of its own is here, or it needs none; unknown: only a general credential is here',
      ),
    key_env: z.string().nullable().describe('The variable that is set; the key in it is never read'),
    credential: z
      .enum(credentialStatuses)
      .nullable()
      .describe(
        'What the provider said of the credential, checked by sync --deep; null: not checked or not known',
      )
      .optional(),
    reachable: z
      .boolean()
      .nullable()
      .describe(
        'Whether its address responds at all, checked without a key by sync --deep; null: not checked',
      ),
    latency_ms: latencySchema,
    reason: z
      .string()
      .nullable()
      .describe('Why it is not configured, did not respond or was not checked, a sentence each; else null'),
    checked_at: timeSchema.describe('When it was checked, like 2026-11-23T08:42:55.000Z'),
  })
  .describe('Whether it can be used from here. Written by sync: do not edit')

const bytesSchema = z.int().min(0, 'a number of bytes').nullable()

const localModelSchema = z
  .strictObject({
    id: z.string().min(1, 'an id').describe('Its id at the runtime, like llama3.2:latest'),
    size_bytes: bytesSchema.describe('Size of its weights in bytes; null when the runtime does not say'),
    quantization: z.string().nullable().describe('Number format of its weights, like Q4_K_M'),
    context_tokens: z
      .int()
      .min(0, 'a number of tokens')
      .nullable()
      .describe('Size of its context window in tokens, as it is loaded where it is, else as it was trained'),
    loaded: z
      .boolean()
      .nullable()
      .describe('Whether it is in memory now; null when the runtime does not say'),
    vram_bytes: bytesSchema.describe('GPU memory that it uses now, in bytes'),
  })
  .describe('A model that the runtime has')

/** What a local runtime said. */
export const localDetectedSchema = z
  .strictObject({
    status: z
      .enum(serviceStatuses)
      .describe(
        'up; down: nothing, or another program, responds at its address; unknown: it could not be checked',
      ),
    version: z.string().nullable().describe('Version of the runtime, null when it does not say'),
    latency_ms: latencySchema,
    models: z
      .array(localModelSchema)
      .max(maxLocalModels, `at most ${maxLocalModels} models`)
      .describe(`Models that it has, at most ${maxLocalModels}; those of the last time while it is not up`),
    last_up_at: timeSchema.describe('When it was last up here; absent when it never was').optional(),
    reason: askedReasonSchema,
    checked_at: askedAtSchema,
  })
  .describe('What the local runtime said. Written by sync: do not edit')

export type LocalModel = z.infer<typeof localModelSchema>
export type LocalDetected = z.infer<typeof localDetectedSchema>
export type ServiceDetected = z.infer<typeof serviceDetectedSchema>
export type ProviderDetected = z.infer<typeof providerDetectedSchema>
export type Detected = z.infer<typeof detectedSchema>
export type DetectionStatus = Detected['status']
export type EvidenceKind = (typeof evidenceKinds)[number]
