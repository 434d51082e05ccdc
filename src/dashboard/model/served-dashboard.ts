import * as z from 'zod'
import { uiComponents } from '../../registry/schema/dashboard.ts'
import { evidenceKinds } from '../../registry/schema/detected.ts'

// A server may be of another version than this program: what is not known is let be, and what matters has to be there.

const text = z.string()
const maybeText = text.nullable().catch(null)
const maybeNumber = z.number().nullable().catch(null)

const readingSchema = z.object({
  id: text,
  name: text,
  unit: maybeText,
  value: z.number().nullable(),
  level: z.enum(['ok', 'warning', 'critical', 'unknown']),
  reason: maybeText,
  read_at: maybeText,
  history: z.array(z.number().nullable()).catch([]),
  threshold_warning: maybeNumber,
  threshold_critical: maybeNumber,
})

/** One card of a served dashboard. */
export const servedCardSchema = z.object({
  ref: text,
  subject: maybeText,
  component: z.enum(uiComponents).nullable(),
  name: text,
  icon: maybeText,
  description: maybeText,
  state: z.enum(['on', 'off', 'broken', 'unknown']).nullable(),
  facts: z
    .object({
      version: maybeText,
      path: maybeText,
      evidence: z.enum(evidenceKinds).nullable().catch(null),
      reason: maybeText,
      checked_at: z.iso.datetime(),
    })
    .nullable(),
  variables: z.array(z.object({ name: text, value: maybeText })).catch([]),
  readings: z.array(readingSchema),
  provider: z
    .object({
      is_key_set: z.boolean().nullable(),
      is_reachable: z.boolean().nullable(),
      latency_ms: maybeNumber,
      models: z.array(text).catch([]),
      capabilities: z.array(text).catch([]),
    })
    .nullable(),
  trouble: maybeText,
})

/** A served dashboard, whose cards are looked at one by one. */
export const servedDashboardSchema = z.object({
  generated_at: z.iso.datetime(),
  sections: z.array(z.object({ id: text, title: text, cards: z.array(z.unknown()) })),
  troubles: z.array(text).catch([]),
})

/** What is needed to say which card it is. */
export const servedCardNameSchema = z.object({ ref: text, name: text })
