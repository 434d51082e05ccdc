import * as z from 'zod'
import { NexusError } from '../../lib/errors.ts'
import { parsePlainJson } from '../../lib/json/parse-plain-json.ts'
import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import type { WebResponse } from '../../platform/http.ts'
import { uiComponents } from '../../registry/schema/dashboard.ts'
import { evidenceKinds } from '../../registry/schema/detected.ts'
import { registryNames } from '../../registry/schema/names.ts'
import { changeSchema } from './change-schema.ts'
import { type Card, type DashboardSource, type DashboardView, noModels } from './dashboard-view.ts'
import { toFailedCard } from './to-card.ts'

export interface ServedDashboardRequest {
  /** Address of the server, of http or https. */
  readonly url: URL
  readonly token: string | undefined
  /** Addresses of networks near by that may be asked. This machine may, since the user named the address. */
  readonly allowPrivate: readonly string[]
}

const timeoutMs = 5000

/** Dashboards of a server. */
export function openServedDashboard(
  { url, token, allowPrivate }: ServedDashboardRequest,
  host: Pick<Host, 'sendRequest' | 'interrupted'>,
): DashboardSource {
  const base = url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url)
  const address = new URL('dashboard.json', base).href
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  return {
    name: url.href,
    home: undefined,
    load: async () => {
      const answer = await host.sendRequest({
        url: address,
        reach: { kind: 'public', alsoPrivate: ['localhost', ...allowPrivate] },
        headers,
        timeoutMs,
        maxBytes: limits.upstreamBytes,
        isBodyKept: true,
        signal: host.interrupted,
      })
      host.interrupted.throwIfAborted()
      if (answer.outcome !== 'answered' || answer.status !== 200) throw toError(answer, address)
      const view = parseServedDashboard(new TextDecoder().decode(answer.body))
      if (view === undefined) throw toUnauthorized(address)
      return view
    },
    peek: async () => undefined,
  }
}

function toUnauthorized(address: string): NexusError {
  return new NexusError('input', `${address} responds with something other than a dashboard`, {
    hint: 'Name the address that nexus-registry serve prints',
  })
}

function toError(answer: WebResponse, address: string): NexusError {
  const { what, hint } = explain(answer)
  return new NexusError('input', `${address} ${what}`, { hint })
}

const start = 'Start it there: nexus-registry serve'

function explain(answer: WebResponse): { readonly what: string; readonly hint: string } {
  switch (answer.outcome) {
    case 'answered':
      return explainStatus(answer.status)
    case 'refused':
      return { what: 'does not respond: nothing listens there', hint: start }
    case 'failed':
      return { what: `does not respond: ${toCleanText(answer.reason)}`, hint: start }
    case 'timed-out':
      return { what: `did not respond within ${timeoutMs / 1000} s`, hint: start }
    case 'too-large':
      return {
        what: `responds with more than ${limits.upstreamBytes / 1024 / 1024} MiB`,
        hint: 'See what serves there',
      }
    case 'out-of-reach':
      return {
        what: 'is in a private network, which is not allowed',
        hint: 'Name its address in network.allowPrivate of your configuration',
      }
  }
}

function explainStatus(status: number): { readonly what: string; readonly hint: string } {
  if (status === 401 || status === 403) {
    const hint = 'Name a token that it knows with --token-file or NEXUS_REGISTRY_TOKEN'
    return { what: `requires a valid token (it responds with ${status})`, hint }
  }
  if (status >= 300 && status < 400) {
    return {
      what: `redirects (it responds with ${status}), which is not followed`,
      hint: 'Name the address that it sends to',
    }
  }
  return { what: `responds with ${status}`, hint: 'Name the address that nexus-registry serve prints' }
}

/** The dashboard in a server's answer, or undefined when it is none. A card that is not understood says so in its place. */
function parseServedDashboard(text: string): DashboardView | undefined {
  const parsed = parsePlainJson(text)
  const { data } = servedDashboardSchema.safeParse(parsed?.value)
  if (data === undefined) return undefined
  return {
    ...data,
    sections: data.sections.map(section => ({ ...section, cards: section.cards.map(toCard) })),
  }
}

function toCard(value: unknown): Card {
  const { data } = servedCardSchema.safeParse(value)
  if (data !== undefined) return data
  const named = servedCardNameSchema.safeParse(value).data
  return toFailedCard({
    ref: named?.ref ?? 'dashboard',
    name: named?.name ?? 'something',
    warning: 'the server sends data that this version of the program does not understand',
  })
}

// A server may be of another version than this program: what is not known is let be, and what matters has to be there.

const text = z.string()
const maybeText = text.nullable().catch(null)
const maybeNumber = z.number().nullable().catch(null)

const fixSchema = z.object({ text, command: maybeText })

const readingSchema = z.object({
  id: text,
  name: text,
  unit: maybeText,
  value: z.number().nullable(),
  amount: z.object({ used_bytes: z.number(), total_bytes: z.number() }).nullable().catch(null),
  level: z.enum(['ok', 'warning', 'critical', 'unknown']),
  reason: maybeText,
  read_at: maybeText,
  history: z.array(z.number().nullable()).catch([]),
  threshold_warning: maybeNumber,
  threshold_critical: maybeNumber,
})

/** One card of a served dashboard. */
const servedCardSchema = z.object({
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
  has_indicator: z.boolean().catch(true),
  variables: z.array(z.object({ name: text, value: maybeText })).catch([]),
  readings: z.array(readingSchema),
  provider: z
    .object({
      is_key_set: z.boolean().nullable(),
      credential: z.enum(['valid', 'rejected']).nullable().catch(null).optional(),
      is_reachable: z.boolean().nullable(),
      latency_ms: maybeNumber,
      // Servers of before say neither.
      is_health_checked: z.boolean().catch(true),
      status_endpoint: text.nullable().catch(null),
      latency_history: z.array(z.number().nullable()).catch([]),
      variables: z.array(text).catch([]),
      model_count: z.number().catch(0),
      models: z.array(text).catch([]),
      capabilities: z.array(text).catch([]),
      runtime: z
        .object({
          models: z.array(
            z.object({
              id: text,
              size_bytes: maybeNumber,
              loaded: z.boolean().nullable().catch(null),
              vram_bytes: maybeNumber,
            }),
          ),
        })
        .optional()
        .catch(undefined),
    })
    .nullable(),
  fix: fixSchema.nullable().catch(null),
  warning: maybeText,
})

const modelSchema = z.object({
  ref: text,
  id: text,
  provider: text,
  provider_name: text,
  readiness: z.enum(['ready', 'not ready', 'not set up', 'unknown']),
  is_local: z.boolean(),
  context_tokens: maybeNumber,
  input_price: maybeNumber,
  output_price: maybeNumber,
  capabilities: z.array(text),
  status: z.enum(['active', 'preview', 'deprecated', 'retired']).nullable().catch(null),
  retires_on: maybeText,
  successor: maybeText,
  loaded: z.boolean().nullable().catch(null),
  size_bytes: maybeNumber,
})

const gpuSchema = z.object({
  id: text,
  name: maybeText,
  driver: maybeText,
  memory_total_bytes: maybeNumber,
  memory_used_bytes: maybeNumber,
  utilization: maybeNumber,
  history: z.array(z.number().nullable()).catch([]),
  temperature_c: maybeNumber,
  power_w: maybeNumber,
  power_limit_w: maybeNumber,
  reason: maybeText,
  read_at: maybeText,
})

/** A served dashboard. Its cards are checked one by one. */
const servedDashboardSchema = z.object({
  generated_at: z.iso.datetime(),
  sections: z.array(z.object({ id: text, title: text, cards: z.array(z.unknown()) })),
  problems: z
    .array(
      z.object({
        ref: text,
        name: text,
        status: z.enum(['not ready', 'not set up', 'unknown']).catch('not ready'),
        reason: text,
        since: z.iso.datetime().nullable().catch(null),
        fix: fixSchema,
        blocks: z.array(text).catch([]),
        blocks_count: z.number().catch(0),
      }),
    )
    .catch([]),
  models: z
    .object({
      total: z.number(),
      ready: z.number(),
      not_set_up: z.number(),
      retired: z.number(),
      through: z.array(z.object({ ref: text, name: text, ready: z.number(), is_local: z.boolean() })),
      retiring: z.array(modelSchema),
      entries: z.array(modelSchema),
    })
    .catch({ ...noModels, through: [], retiring: [], entries: [] }),
  changes: z.array(changeSchema).catch([]),
  changes_last_day: z.number().catch(0),
  hidden: z.array(z.enum(registryNames)).catch([]),
  // Servers of before have neither.
  machine: z.object({ name: text, system: text, cores: z.number() }).nullable().catch(null),
  gpus: z.array(gpuSchema).catch([]),
  warnings: z.array(text).catch([]),
})

/** What is needed to say which card it is. */
const servedCardNameSchema = z.object({ ref: text, name: text })
