import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { AuditLog } from '../security/audit-log.ts'
import type { TokenBook } from '../security/tokens.ts'
import type { PreparedBody } from './bodies.ts'
import type { Catalog } from './catalog.ts'
import type { SignInGuard } from './identify-caller.ts'
import type { FreshnessBook } from './registry-health.ts'
import type { ServeEvent, ServeRenderers } from './serve-request.ts'

/** What the parts of a server share. */
export interface ServerState {
  readonly home: RegistryHome
  readonly host: Host
  readonly catalog: Catalog
  readonly tokens: TokenBook
  readonly signIns: SignInGuard
  /** The record of writes. */
  readonly audit: AuditLog
  readonly log: (event: ServeEvent) => void
  /** How fresh the registries are, cached for a short time. */
  readonly freshness: FreshnessBook
  /** The description of the API. */
  readonly description: ApiDescription
  readonly render: ServeRenderers
  /** Aborted when the server stops. */
  readonly ended: AbortSignal
}

/** The context of heavy routes: in another thread there is no more. */
export type HomeContext = Pick<ServerState, 'home' | 'host' | 'catalog' | 'audit' | 'log' | 'render'>

/** The description of the API, made with the first request. */
export interface ApiDescription {
  /** The OpenAPI document. */
  readonly document: () => Promise<PreparedBody>
  /** The page that shows it, with examples for this `Host`. */
  readonly page: (host: string) => Promise<PreparedBody>
  /** Stylesheet of that page. */
  readonly stylesheet: () => Promise<PreparedBody>
}
