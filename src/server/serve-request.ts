import type { Measure } from '../dashboard/model/sampler.ts'
import type { GraphView } from '../graph/graph.ts'
import type { ListenAddress, ServerRequest } from '../platform/http.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { AuditLine } from '../security/audit-log.ts'
import {
  watchLevelOf as levelOfWatching,
  type WatchEvent,
  type WatchRequest,
} from '../sync/watch/watch-events.ts'

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
  /** Measures of the dashboard's metrics. */
  readonly measures: readonly Measure[]
  readonly log: (event: ServeEvent) => void
}

/** Renderers of the server. */
export interface ServeRenderers {
  readonly graph: Readonly<Record<'json' | 'mmd' | 'dot', (view: GraphView) => string | Promise<string>>>
}

/** An event of the server or its daemon, as the log prints it. */
export type ServeEvent = WatchEvent | ServerEvent

export type ServerEvent =
  | { readonly event: 'serving'; readonly home: string; readonly url: string }
  /** The server can be reached from other machines without encryption. */
  | { readonly event: 'exposed'; readonly url: string }
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
      return 'warn'
    case 'answered':
      return 'debug'
    case 'defect':
    case 'unrecorded':
      return 'error'
    case 'written':
      return levelOfWrite(event)
    case 'serving':
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
