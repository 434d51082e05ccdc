import type { Readiness } from '../../graph/graph.ts'
import type { ReadinessFix } from '../../readiness/readiness.ts'
import type { uiComponents } from '../../registry/schema/dashboard.ts'
import type { EvidenceKind } from '../../registry/schema/detected.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { ChangeDocument } from './change-schema.ts'

/** Where dashboards come from. */
export interface DashboardSource {
  /** Whose they are: a directory, or an address. */
  readonly name: string
  /** Registry home whose files they are made of, absolute; undefined when it is elsewhere. */
  readonly home: string | undefined
  /** What is to be shown now, measured anew. Rejects with a NexusError when nothing is to be had. */
  load(): Promise<DashboardView>
  /** What is known at once, without measuring; undefined when that is nothing. */
  peek(): Promise<DashboardView | undefined>
}

/** What a dashboard shows at one moment: data, that each surface draws in its own way. */
export interface DashboardView {
  /** ISO 8601, UTC. */
  readonly generated_at: string
  readonly sections: readonly DashboardSection[]
  /** What is set up here and does not work. Those that block most come first. */
  readonly problems: readonly DashboardProblem[]
  readonly models: DashboardModels
  /** The latest changes that the journal has, the newest first. */
  readonly changes: readonly ChangeDocument[]
  /** How many changes there were in the last 24 hours. */
  readonly changes_last_day: number
  /** Registries that the caller may not read. */
  readonly hidden: readonly RegistryName[]
  /** This machine; null for callers that may not read tools. */
  readonly machine: MachineFacts | null
  /** GPUs of this machine as last measured; empty without one, and for callers that may not read tools. */
  readonly gpus: readonly GpuReading[]
  /** What is wrong with the dashboard registry as a whole, a sentence each. */
  readonly warnings: readonly string[]
}

/** A cause, once, with what it blocks and its fix. */
export interface DashboardProblem {
  readonly ref: string
  /** Name shown to people. */
  readonly name: string
  readonly status: Exclude<Readiness, 'ready'>
  /** A sentence without its full stop. */
  readonly reason: string
  /** ISO 8601, UTC; null when the journal does not know it. */
  readonly since: string | null
  readonly fix: ReadinessFix
  /** Refs of what cannot work without it, the first ones. */
  readonly blocks: readonly string[]
  /** How many things it blocks in all. */
  readonly blocks_count: number
}

/** The models in numbers, and the first of them. */
export interface DashboardModels {
  readonly total: number
  /** How many can be called from here. */
  readonly ready: number
  readonly not_set_up: number
  readonly retired: number
  /** Providers and runtimes through which models can be called. Those with most models come first. */
  readonly through: readonly ModelSource[]
  /** Models that can be called and retire within half a year, the first one first. */
  readonly retiring: readonly DashboardModel[]
  /** Those that can be called first, local ones on top. */
  readonly entries: readonly DashboardModel[]
}

/** Where nothing is known of models. */
export const noModels: DashboardModels = {
  total: 0,
  ready: 0,
  not_set_up: 0,
  retired: 0,
  through: [],
  retiring: [],
  entries: [],
}

export interface ModelSource {
  readonly ref: string
  readonly name: string
  /** How many models can be called through it. */
  readonly ready: number
  readonly is_local: boolean
}

/** A model as the dashboard lists it. */
export interface DashboardModel {
  readonly ref: string
  readonly id: string
  readonly provider: string
  /** Name of its provider that is shown to people. */
  readonly provider_name: string
  readonly readiness: Readiness
  readonly is_local: boolean
  /** Size of the context window in tokens; null when it is not known. */
  readonly context_tokens: number | null
  /** USD per million tokens; null when it is not known. */
  readonly input_price: number | null
  readonly output_price: number | null
  readonly capabilities: readonly string[]
  /** Where it is in its life; null when the registry does not say. */
  readonly status: 'active' | 'preview' | 'deprecated' | 'retired' | null
  /** Calendar day; null when none is known. */
  readonly retires_on: string | null
  readonly successor: string | null
  /** Whether a local model is in memory; null for others. */
  readonly loaded: boolean | null
  readonly size_bytes: number | null
}

/** What machine it is. */
export interface MachineFacts {
  /** Its host name. */
  readonly name: string
  /** Like `Debian GNU/Linux 12 (bookworm)`; where the system has no such name, that of its kernel. */
  readonly system: string
  /** Number of logical processors. */
  readonly cores: number
}

/** A GPU at one moment. What it does not report is null. */
export interface GpuReading {
  /** Stays the same: its UUID, PCI address or number. */
  readonly id: string
  readonly name: string | null
  /** Version of its driver. */
  readonly driver: string | null
  /** Memory of its own; null where it shares that of the processor. */
  readonly memory_total_bytes: number | null
  readonly memory_used_bytes: number | null
  /** How busy it is, in per cent. */
  readonly utilization: number | null
  /** Utilization of before, as `Reading.history`. */
  readonly history: readonly (number | null)[]
  /** In degrees Celsius. */
  readonly temperature_c: number | null
  readonly power_w: number | null
  readonly power_limit_w: number | null
  /** Why nothing is measured, a sentence; null as soon as utilization, used memory, temperature or power is known. */
  readonly reason: string | null
  /** When it was measured, ISO 8601 in UTC; null when it never was. */
  readonly read_at: string | null
}

export interface DashboardSection {
  /** `container`, `providers`, `system`, …: unique among the sections. */
  readonly id: string
  readonly title: string
  readonly cards: readonly Card[]
}

/** The six UI components of the specification's section 1. */
export type UiComponent = (typeof uiComponents)[number]

/** One entry of the dashboard registry, with what is known of it now. */
export interface Card {
  /** Ref of the entry, like `dashboard/tools/docker`. */
  readonly ref: string
  /** What it stands for, as `explain` takes it: `tools/docker`; null for metrics, and for what is not there. */
  readonly subject: string | null
  /** Null when its entry is broken: then only name and `warning` say anything. */
  readonly component: UiComponent | null
  readonly name: string
  /** One symbol; null without one. */
  readonly icon: string | null
  readonly description: string | null
  /** Whether the thing is here; null for metrics. */
  readonly state: CardState | null
  /** Whether it shows a light for its state. */
  readonly has_indicator: boolean
  readonly facts: CardFacts | null
  /** Variables that shells have of it, with their values; null where unset. */
  readonly variables: readonly { readonly name: string; readonly value: string | null }[]
  readonly readings: readonly Reading[]
  readonly provider: ProviderFacts | null
  /** What makes it usable here; null when it is ready, and for what has no such fix. */
  readonly fix: ReadinessFix | null
  /** Why it cannot be shown as it should be, a sentence; null when it can. */
  readonly warning: string | null
}

/** `on`: here and working, or ready. `broken`: here, and does not work. `unknown`: nobody could tell. */
export type CardState = 'on' | 'off' | 'broken' | 'unknown'

export const statesByReadiness: Readonly<Record<Readiness, CardState>> = {
  ready: 'on',
  'not set up': 'off',
  'not ready': 'broken',
  unknown: 'unknown',
}

/** How it is known. */
export interface CardFacts {
  readonly version: string | null
  readonly path: string | null
  readonly evidence: EvidenceKind | null
  /** A sentence whenever it is not simply here. */
  readonly reason: string | null
  /** ISO 8601, UTC. */
  readonly checked_at: string
}

/** What a provider's card tells besides. */
export interface ProviderFacts {
  /** Whether its key is set, or none is needed; null when it was not checked. */
  readonly is_key_set: boolean | null
  /** What it said of the key; null when it was not checked. */
  readonly credential?: 'valid' | 'rejected' | null | undefined
  /** Whether its address responds; null when that was not checked. */
  readonly is_reachable: boolean | null
  readonly latency_ms: number | null
  /** Response times of the last 24 hours in milliseconds, the oldest first; null where none was measured. */
  readonly latency_history: readonly (number | null)[]
  /** Variables of its key, in order; of a local runtime, the one with its address. */
  readonly variables: readonly string[]
  /** How many models the registries have of it. */
  readonly model_count: number
  /** Whether its address is ever queried; false where its card says so. */
  readonly is_health_checked: boolean
  /** Path at which a server answers with its health. */
  readonly status_endpoint: string | null
  readonly models: readonly string[]
  readonly capabilities: readonly string[]
  /** Of a local runtime alone: then there is no key. */
  readonly runtime?: RuntimeFacts | undefined
}

/** What a local runtime has. */
interface RuntimeFacts {
  /** Those in memory first. */
  readonly models: readonly RuntimeModel[]
}

export interface RuntimeModel {
  readonly id: string
  /** Null where it is not known. */
  readonly size_bytes: number | null
  /** Whether it is in memory; null where it is not known. */
  readonly loaded: boolean | null
  /** Memory of GPUs that it takes; null where that is not known. */
  readonly vram_bytes: number | null
}

/** What is known of a metric: its value now and before. Nothing is invented: without a source the value is null. */
export interface Reading {
  /** Id of the metric. */
  readonly id: string
  readonly name: string
  /** Like `%` or `MB/s`; null without one. */
  readonly unit: string | null
  readonly value: number | null
  /** What the value is of: of memory, disk and GPU memory. Null for all others, and without a value. */
  readonly amount: Amount | null
  readonly level: ReadingLevel
  /** Why there is no value, a sentence; null when there is one. */
  readonly reason: string | null
  /** When it was read, ISO 8601 in UTC; null when it never was. */
  readonly read_at: string | null
  /** Values of before, the oldest first and the one of now last; null where there was none. */
  readonly history: readonly (number | null)[]
  readonly threshold_warning: number | null
  readonly threshold_critical: number | null
}

/** How much of something is in use. */
export interface Amount {
  readonly used_bytes: number
  readonly total_bytes: number
}

/** Why a reading has no value that only readers of microservices may see. */
export const hiddenReason = 'sign in to see microservices'

export type ReadingLevel = 'ok' | 'warning' | 'critical' | 'unknown'

interface Thresholds {
  readonly warning: number | null
  readonly critical: number | null
}

/** Whether less is worse: then critical is the lower one. */
export function isFalling({ warning, critical }: Thresholds): boolean {
  return warning !== null && critical !== null && critical < warning
}

/** Judges a value by its thresholds: from which value on, or down to which when less is worse. */
export function evaluateReading(value: number | null, thresholds: Thresholds): ReadingLevel {
  if (value === null) return 'unknown'
  const { warning, critical } = thresholds
  const isLessWorse = isFalling(thresholds)
  const isBeyond = (threshold: number | null) =>
    threshold !== null && (isLessWorse ? value <= threshold : value >= threshold)
  if (isBeyond(critical)) return 'critical'
  return isBeyond(warning) ? 'warning' : 'ok'
}

/** What was measured since the last time, as the event `readings` tells it: of each metric that has a value, or lost it. */
export interface FreshReadings {
  readonly readings: readonly FreshReading[]
  /** All GPUs, when one of them was measured, came or went. */
  readonly gpus?: readonly FreshGpu[]
}

/** A GPU without its values of before. */
export type FreshGpu = Omit<GpuReading, 'history'>

export interface FreshReading
  extends Pick<Reading, 'id' | 'value' | 'amount' | 'level' | 'reason' | 'read_at'> {
  /** Ref of the entry of the dashboard that it belongs to. */
  readonly ref: string
}
