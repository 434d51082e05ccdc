import type { Measure } from '../dashboard/model/sampler.ts'
import type { GraphView } from '../graph/graph.ts'
import type { ListenAddress, ServerRequest } from '../platform/http.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { WatchRequest } from '../sync/watch/watch-events.ts'
import type { ServeEvent } from './serve-event.ts'

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
}

/** Renderers of the server. */
export interface ServeRenderers {
  readonly graph: Readonly<Record<'json' | 'mmd' | 'dot', (view: GraphView) => string | Promise<string>>>
}
