import * as z from 'zod'
import { momentSchema } from './common.ts'

/** What can be said of a thing after looking for it. */
export const detectionStatuses = ['present', 'absent', 'broken', 'unknown'] as const

/** How a probe knows what it says. */
export const evidenceKinds = ['path', 'shim', 'command', 'metadata', 'import', 'sysfs', 'config'] as const

/** What a probe found on this machine. Written by `sync`, read by everything else. */
export const detectedSchema = z
  .strictObject({
    status: z
      .enum(detectionStatuses)
      .describe('present; absent; broken: found but does not work; unknown: could not be asked'),
    path: z.string().nullable().describe('Where it was found'),
    version: z.string().nullable().describe('Version in normal form, null when it could not be found out'),
    evidence: z
      .enum(evidenceKinds)
      .nullable()
      .describe(
        'How this is known: path (a program on PATH), shim (of a version manager), command (it ran), ' +
          'metadata (an installed package), import (Python imported it), sysfs (the kernel), config (a file); ' +
          'null when nothing was found',
      ),
    reason: z
      .string()
      .nullable()
      .describe('A sentence whenever it is not present or a part could not be found out, else null'),
    checked_at: momentSchema.describe('When it was looked for, like 2026-11-23T08:42:55.000Z'),
    details: z
      .record(z.string(), z.unknown())
      .describe('Facts of the kind of probe: GPUs, the Kubernetes context, the interpreter that was asked')
      .optional(),
  })
  .describe('What was found on this machine. Written by sync: do not edit')

export type Detected = z.infer<typeof detectedSchema>
export type DetectionStatus = Detected['status']
export type EvidenceKind = (typeof evidenceKinds)[number]
