import type { DashboardView } from './dashboard-view.ts'

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
