import * as z from 'zod'
import { timeSchema } from './common.ts'
import { registryNames } from './names.ts'

/** Channels of alerts. */
export const alertChannels = ['webhook', 'command'] as const

export type AlertChannel = (typeof alertChannels)[number]

/** What may fail: a registry, or a sync as a whole. */
export const alertSubjects = [...registryNames, 'sync'] as const

export type AlertSubject = (typeof alertSubjects)[number]

const channelSchema = z.enum(alertChannels)

const alertRecordSchema = z.strictObject({
  /** The pending alert: it cannot be used any more, or it can again. */
  event: z.enum(['failed', 'recovered']),
  status: z.enum(['ok', 'missing', 'failed']),
  /** A sentence without its full stop; null for what has recovered. */
  reason: z.string().nullable(),
  since: timeSchema,
  /** Channels that have sent it, or need not. */
  told: z.array(channelSchema),
})

/** What has come of the last alert: when it was sent, and why it did not arrive. */
const deliverySchema = z.strictObject({ at: timeSchema, trouble: z.string().nullable() })

/** Alerts that were sent for one home, so that each change is sent once. */
export const alertMemorySchema = z.strictObject({
  records: z.partialRecord(z.enum(alertSubjects), alertRecordSchema),
  deliveries: z.partialRecord(channelSchema, deliverySchema),
})

export type AlertRecord = z.infer<typeof alertRecordSchema>
export type AlertMemory = z.infer<typeof alertMemorySchema>
