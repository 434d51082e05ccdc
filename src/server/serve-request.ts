import type { Measure } from '../dashboard/model/sampler.ts'
import type { GraphView } from '../graph/graph.ts'
import type { Host } from '../platform/host.ts'
import type { ListenAddress, ServerRequest } from '../platform/http.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { AuditLine, AuditLog } from '../security/audit-log.ts'
import type { TokenBook } from '../security/tokens.ts'
import {
  watchLevelOf as levelOfWatching,
  type WatchEvent,
  type WatchRequest,
} from '../sync/watch/watch-events.ts'
import type { PreparedBody } from './bodies.ts'
import type { Catalog } from './catalog.ts'
import type { SignInGuard } from './identify-caller.ts'
import type { OwnerSessions } from './owner-sessions.ts'
import type { FreshnessBook } from './registry-health.ts'

export interface ServeRequest {
  readonly home: RegistryHome
  readonly address: ListenAddress
  readonly tls: ServerRequest['tls']
  /** Further host names of the server. */
  readonly allowedHosts: readonly string[]
  /** Requests that an address may send in a minute; undefined: any number from this machine, and a fixed one from others. */
  readonly requestsPerMinute: number | undefined
  /** Options of the daemon in the server; undefined for none. */
  readonly poller: Omit<WatchRequest, 'home' | 'log'> | undefined
  readonly render: ServeRenderers
  /** Directory of the platform, absolute. */
  readonly platformRoot?: string | undefined
  /** Measures of the dashboard's metrics. */
  readonly measures: readonly Measure[]
  readonly log: (event: ServeEvent) => void
  /** Called once the server accepts requests, with its URL or the path of its socket, and a link for its owner. */
  readonly onListening?: (url: string, link: string | undefined) => void
}

/** Renderers of the server. */
export interface ServeRenderers {
  readonly graph: Readonly<Record<'json' | 'mmd' | 'dot', (view: GraphView) => string | Promise<string>>>
}

/** An event of the server or its daemon, as the log prints it. */
export type ServeEvent =
  | WatchEvent
  | { readonly event: 'listening'; readonly home: string; readonly url: string }
  /** The server can be reached from other machines without encryption. */
  | { readonly event: 'exposed'; readonly url: string }
  /** No link to the page can be made. */
  | { readonly event: 'unlinked'; readonly error: string }
  /** Another process is the daemon of the home. */
  | { readonly event: 'unpolled'; readonly pid: number }
  | {
      readonly event: 'answered'
      readonly method: string
      /** Pattern of the route; null for an unknown path. */
      readonly route: string | null
      readonly status: number
      readonly duration_ms: number
    }
  /** A write was made or refused. */
  | ({ readonly event: 'written' } & AuditLine)
  /** A refused write could not be recorded. */
  | { readonly event: 'unrecorded'; readonly error: string }
  | { readonly event: 'defect'; readonly method: string; readonly error: string }
  | { readonly event: 'stopped' }

/** Log level of an event. */
export function levelOf(event: ServeEvent): 'debug' | 'info' | 'warn' | 'error' {
  switch (event.event) {
    case 'exposed':
    case 'unlinked':
      return 'warn'
    case 'answered':
      return 'debug'
    case 'defect':
    case 'unrecorded':
      return 'error'
    case 'written':
      return levelOfWrite(event)
    case 'listening':
    case 'unpolled':
    case 'stopped':
      return 'info'
    default:
      return levelOfWatching(event)
  }
}

// Anonymous clients can send any number of writes.
function levelOfWrite({ outcome, token }: AuditLine): 'debug' | 'info' | 'error' {
  if (outcome === 'failed') return 'error'
  return token === null ? 'debug' : 'info'
}

/** What the parts of a server share. */
export interface ServerState {
  readonly home: RegistryHome
  readonly host: Host
  /** Directory of the platform, absolute. */
  readonly platformRoot: string | undefined
  readonly catalog: Catalog
  readonly tokens: TokenBook
  readonly sessions: OwnerSessions
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
export type HomeContext = Pick<
  ServerState,
  'home' | 'host' | 'platformRoot' | 'catalog' | 'audit' | 'log' | 'render'
>

/** The description of the API, made with the first request. */
export interface ApiDescription {
  /** The OpenAPI document. */
  readonly document: () => Promise<PreparedBody>
  /** The page that shows it, with examples for this `Host`. */
  readonly page: (host: string) => Promise<PreparedBody>
  /** Stylesheet of that page. */
  readonly stylesheet: () => Promise<PreparedBody>
}
