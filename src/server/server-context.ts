import type { LiveDashboard } from './dashboard/live-dashboard.ts'
import type { WebPage } from './dashboard/web-page.ts'
import type { Events } from './events/events.ts'
import type { ServerMetrics } from './metrics/server-metrics.ts'
import type { ServerState } from './server-state.ts'

/** The context of all routes. */
export interface ServerContext extends ServerState {
  /** Streams of events. */
  readonly events: Events
  readonly metrics: ServerMetrics
  readonly dashboard: LiveDashboard
  /** The dashboard for browsers. */
  readonly page: WebPage
}
