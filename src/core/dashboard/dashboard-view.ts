import type { Card } from './card.ts'

/** What a dashboard shows at one moment: data, that each surface draws in its own way. */
export interface DashboardView {
  /** ISO 8601, UTC. */
  readonly generated_at: string
  readonly sections: readonly DashboardSection[]
  /** What is wrong with the dashboard registry as a whole, a sentence each. */
  readonly troubles: readonly string[]
}

export interface DashboardSection {
  /** `container`, `providers`, `system`, …: unique among the sections. */
  readonly id: string
  readonly title: string
  readonly cards: readonly Card[]
}
