import type { uiComponents } from '../../registry/schema/dashboard.ts'
import type { EvidenceKind } from '../../registry/schema/detected.ts'
import type { Reading } from './reading.ts'

/** The six UI components of the specification's section 1. */
export type UiComponent = (typeof uiComponents)[number]

/** One entry of the dashboard registry, with what is known of it now. */
export interface Card {
  /** Ref of the entry, like `dashboard/tools/docker`. */
  readonly ref: string
  /** What it stands for, as `explain` takes it: `tools/docker`; null for metrics, and for what is not there. */
  readonly subject: string | null
  /** Null when its entry is broken: then only name and `trouble` say anything. */
  readonly component: UiComponent | null
  readonly name: string
  /** One symbol; null without one. */
  readonly icon: string | null
  readonly description: string | null
  /** Whether the thing is here; null for metrics. */
  readonly state: CardState | null
  readonly facts: CardFacts | null
  /** Variables that shells have of it, with their values; null where unset. */
  readonly variables: readonly { readonly name: string; readonly value: string | null }[]
  readonly readings: readonly Reading[]
  readonly provider: ProviderFacts | null
  /** Why it cannot be shown as it should be, a sentence; null when it can. */
  readonly trouble: string | null
}

/** `on`: here and working, or a key is set. `broken`: here, and does not work. `unknown`: nobody could tell. */
export type CardState = 'on' | 'off' | 'broken' | 'unknown'

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
  /** Whether its key is set, or none is needed; null when nobody has looked. */
  readonly is_key_set: boolean | null
  /** Whether its address answers; null when it was not asked. */
  readonly is_reachable: boolean | null
  readonly latency_ms: number | null
  readonly models: readonly string[]
  readonly capabilities: readonly string[]
}
