import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { AuditLog } from '../security/audit-log.ts'
import type { TokenBook } from '../security/tokens.ts'
import type { PreparedBody } from './bodies.ts'
import type { Catalog } from './catalog.ts'
import type { FreshnessBook } from './freshness-book.ts'
import type { ServeEvent } from './serve-event.ts'
import type { ServeRenderers } from './serve-request.ts'
import type { SignInGuard } from './sign-in-guard.ts'

/** What the parts of a server share: the home, who may do what, and where it says so. */
export interface ServerState {
  readonly home: RegistryHome
  readonly host: Host
  readonly catalog: Catalog
  readonly tokens: TokenBook
  readonly signIns: SignInGuard
  /** Who wrote what. */
  readonly audit: AuditLog
  readonly log: (event: ServeEvent) => void
  /** How the registries are kept fresh, as it was a moment ago at most. */
  readonly freshness: FreshnessBook
  /** What the server says of itself. */
  readonly description: ApiDescription
  readonly render: ServeRenderers
  /** Aborted when the server stops. */
  readonly ended: AbortSignal
}

/** What routes work with that need all of a home: in a thread there is no more. */
export type HomeContext = Pick<ServerState, 'home' | 'host' | 'catalog' | 'audit' | 'log' | 'render'>

/** What the server says of itself, made when it is first asked for. */
export interface ApiDescription {
  /** The OpenAPI document. */
  readonly document: () => Promise<PreparedBody>
  /** The page that shows it, with examples for a server of this name, a `Host` header. */
  readonly page: (host: string) => Promise<PreparedBody>
  /** Stylesheet of that page. */
  readonly stylesheet: () => Promise<PreparedBody>
}
