import type { Readiness } from '../../graph/graph.ts'
import type { uiComponents } from '../../registry/schema/dashboard.ts'
import type { EvidenceKind } from '../../registry/schema/detected.ts'
import type { RegistryName } from '../../registry/schema/names.ts'

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
  /** What has changed in the registries, the newest first: what a server keeps. */
  readonly changes: readonly TimedChange[]
  /** What is wrong with the dashboard registry as a whole, a sentence each. */
  readonly warnings: readonly string[]
}

/** A change, and when it was seen. */
export interface TimedChange extends RegistryChange {
  /** ISO 8601, UTC. */
  readonly at: string
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
}

/** What is known of a metric: its value now and before. Nothing is invented: without a source the value is null. */
export interface Reading {
  /** Id of the metric. */
  readonly id: string
  readonly name: string
  /** Like `%` or `MB/s`; null without one. */
  readonly unit: string | null
  readonly value: number | null
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

/** What is different in a registry, as a server tells it. Lists are sorted. */
export interface RegistryChange {
  readonly registry: RegistryName
  /** Of the registry's document as it is now; null when there is none any more. */
  readonly etag: string | null
  /** Ids of entries; JSON Pointers in the two documents. */
  readonly created: readonly string[]
  /** Entries that differ in more than the time of their check. */
  readonly updated: readonly string[]
  readonly removed: readonly string[]
  /** Entries of which a sync says something else than before. */
  readonly detected: readonly DetectedChange[]
  /** How many more there are, where a list is cut. */
  readonly more?: Readonly<Partial<Record<ChangeListName, number>>>
}

interface DetectedChange {
  readonly id: string
  /** Status; null where it was not checked, before or now. */
  readonly from: string | null
  readonly to: string | null
}

/** Lists that a change has. */
export type ChangeListName = 'created' | 'updated' | 'removed' | 'detected'

/** What was measured since the last time, as the event `readings` tells it: of each metric that has a value, or lost it. */
export interface FreshReadings {
  readonly readings: readonly FreshReading[]
}

export interface FreshReading extends Pick<Reading, 'id' | 'value' | 'level' | 'reason' | 'read_at'> {
  /** Ref of the entry of the dashboard that it belongs to. */
  readonly ref: string
}
