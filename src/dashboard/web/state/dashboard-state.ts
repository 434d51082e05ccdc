import type { RegistryHealth } from '../../../sync/registry-health.ts'
import type { DashboardView } from '../../model/dashboard-view.ts'
import type { Connection } from '../live/connection.ts'
import type { RecentChange } from './recent-changes.ts'

/** All that the page shows. Never changed: there is a new one. */
export interface DashboardState {
  readonly connection: Connection
  /** Undefined until it was loaded for the first time. */
  readonly view: DashboardView | undefined
  /** How fresh the registries are that the reader may see. */
  readonly registries: readonly RegistryHealth[]
  /** What has changed since the server was started, the newest first. */
  readonly changes: readonly RecentChange[]
}

export const emptyState: DashboardState = {
  connection: { kind: 'loading' },
  view: undefined,
  registries: [],
  changes: [],
}
