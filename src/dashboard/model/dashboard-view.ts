import type { Card } from './card.ts'
import type { RegistryChange } from './registry-change.ts'

/** What a dashboard shows at one moment: data, that each surface draws in its own way. */
export interface DashboardView {
  /** ISO 8601, UTC. */
  readonly generated_at: string
  readonly sections: readonly DashboardSection[]
  /** What has changed in the registries, the newest first: what a server keeps. */
  readonly changes: readonly TimedChange[]
  /** What is wrong with the dashboard registry as a whole, a sentence each. */
  readonly troubles: readonly string[]
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
