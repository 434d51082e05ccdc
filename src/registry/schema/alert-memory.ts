import * as z from 'zod'
import { timeSchema } from './common.ts'
import { registryNames } from './names.ts'

/** Ways in which somebody is told. */
export const alertChannels = ['webhook', 'command'] as const

export type AlertChannel = (typeof alertChannels)[number]

/** What may fail: a registry, or a sync as a whole. */
export const alertSubjects = [...registryNames, 'sync'] as const

export type AlertSubject = (typeof alertSubjects)[number]

const channelSchema = z.enum(alertChannels)

const alertRecordSchema = z.strictObject({
  /** What there is to tell: that it cannot be used any more, or that it can again. */
  event: z.enum(['failed', 'recovered']),
  status: z.enum(['ok', 'missing', 'failed']),
  /** A sentence without its full stop; null for what has recovered. */
  reason: z.string().nullable(),
  since: timeSchema,
  /** Who has been told, or need not be. */
  told: z.array(channelSchema),
})

/** What has come of the last alert: when it was sent, and why it did not arrive. */
const deliverySchema = z.strictObject({ at: timeSchema, trouble: z.string().nullable() })

/** What is remembered of the alerts about one home, so that each change is told once. */
export const alertMemorySchema = z.strictObject({
  records: z.partialRecord(z.enum(alertSubjects), alertRecordSchema),
  deliveries: z.partialRecord(channelSchema, deliverySchema),
})

export type AlertRecord = z.infer<typeof alertRecordSchema>
export type AlertMemory = z.infer<typeof alertMemorySchema>
