import type { Snapshot } from '../../registry/snapshot.ts'
import type { Variable } from '../../registry/variable.ts'
import type { DashboardView } from './dashboard-view.ts'
import type { SampleBook } from './samples.ts'

/** What a dashboard is made of. */
export interface DashboardFacts {
  /** What whoever looks may see. */
  readonly snapshot: Snapshot
  readonly samples: SampleBook
  /** What shells have. */
  readonly variables: readonly Variable[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** What has changed lately, where that is kept. */
  readonly changes?: DashboardView['changes']
}
