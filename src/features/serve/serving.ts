import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { ServeEvent } from '../../core/serve-event.ts'
import type { AuditLog } from '../../store/audit-log.ts'
import type { TokenBook } from '../../store/tokens.ts'
import type { Catalog } from './catalog.ts'
import type { LiveDashboard } from './dashboard/live-dashboard.ts'
import type { WebPage } from './dashboard/web-page.ts'
import type { ApiDescription } from './docs/api-description.ts'
import type { Events } from './events/events.ts'
import type { FreshnessBook } from './freshness-book.ts'
import type { ServerMetrics } from './metrics/server-metrics.ts'
import type { ServeRenderers } from './serve-request.ts'
import type { SignInGuard } from './sign-in-guard.ts'

/** What routes work with that need all of a home: in a thread there is no more. */
export type HomeServing = Pick<Serving, 'home' | 'host' | 'catalog' | 'audit' | 'tell' | 'render'>

/** What all routes work with. */
export interface Serving {
  readonly home: RegistryHome
  readonly host: Host
  readonly catalog: Catalog
  readonly tokens: TokenBook
  readonly signIns: SignInGuard
  /** Who wrote what. */
  readonly audit: AuditLog
  readonly tell: (event: ServeEvent) => void
  /** How the registries are kept fresh, as it was a moment ago at most. */
  readonly freshness: FreshnessBook
  /** What the server says of itself. */
  readonly description: ApiDescription
  readonly render: ServeRenderers
  /** Those who are told of changes as they happen. */
  readonly events: Events
  readonly metrics: ServerMetrics
  readonly dashboard: LiveDashboard
  /** Aborted when the server stops. */
  readonly ended: AbortSignal
  /** The dashboard for browsers. */
  readonly page: WebPage
}
