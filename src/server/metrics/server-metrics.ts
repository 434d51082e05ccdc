import type { Counter, Histogram, Registry } from 'prom-client'
import { program } from '../../lib/program.ts'
import type { HandledRequest } from '../../platform/http.ts'
import type { StreamCounts } from '../events/event-hub.ts'

/** What a server counts of itself. No label of it names a registry or an entry: everybody may see it. */
export interface ServerMetrics {
  /** Counts an answer. */
  readonly note: (answered: HandledRequest) => void
  /** Everything, in the text format of Prometheus; `more` adds what concerns the registries. */
  readonly render: (more: (register: Registry) => Promise<void>) => Promise<RenderedMetrics>
}

export interface RenderedMetrics {
  readonly type: string
  readonly text: string
}

/** Upper bounds of durations, in seconds: most answers come from memory. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Route of what leads to none: what was asked for instead is anybody's text. */
const noRoute = 'none'

export async function openServerMetrics(countStreams: () => StreamCounts): Promise<ServerMetrics> {
  const prometheus = await import('prom-client')
  const own = new prometheus.Registry()
  const registers = [own]
  const requests = new prometheus.Counter({
    name: 'nexus_registry_http_requests_total',
    help: 'Requests that were answered, by method, pattern of the route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const durations = new prometheus.Histogram({
    name: 'nexus_registry_http_request_duration_seconds',
    help: 'Time from when a request was read until its answer was handed over, by pattern of the route.',
    labelNames: ['route'],
    buckets: durationBuckets,
    registers,
  })
  new prometheus.Gauge({
    name: 'nexus_registry_event_streams',
    help: 'Streams of events that are open.',
    registers,
    collect() {
      this.set(countStreams().open)
    },
  })
  new prometheus.Counter({
    name: 'nexus_registry_event_streams_dropped_total',
    help: 'Streams of events that were ended because their readers were too slow.',
    registers,
    collect() {
      this.reset()
      this.inc(countStreams().dropped)
    },
  })
  new prometheus.Gauge({
    name: 'nexus_registry_build_info',
    help: 'Version of the program that serves; always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version: program.version }, 1)
  return {
    note: createNote(requests, durations),
    render: async more => {
      const passing = new prometheus.Registry()
      await more(passing)
      const all = prometheus.Registry.merge([passing, own, await loadProcessMetrics()])
      return { type: all.contentType, text: await all.metrics() }
    },
  }
}

type Labelled = 'method' | 'route' | 'status'

/** Finding a counter by its labels takes longer than counting: each is found once. */
function createNote(requests: Counter<Labelled>, durations: Histogram<'route'>): ServerMetrics['note'] {
  const known = new Map<string, (durationMs: number) => void>()
  return ({ method, route = noRoute, status, durationMs }) => {
    const key = `${method} ${status} ${route}`
    let note = known.get(key)
    if (note === undefined) {
      const [counter, duration] = [requests.labels({ method, route, status }), durations.labels({ route })]
      note = ms => {
        counter.inc()
        duration.observe(ms / 1000)
      }
      known.set(key, note)
    }
    note(durationMs)
  }
}

let processMetrics: Promise<Registry> | undefined

/**
 * Metrics of the process, begun when they are first asked for. What watches the event loop for them wakes it a hundred
 * times a second and cannot be ended, so there is one for all servers of a process. It does not keep the process alive.
 */
function loadProcessMetrics(): Promise<Registry> {
  processMetrics ??= import('prom-client').then(({ collectDefaultMetrics, Registry }) => {
    const register = new Registry()
    collectDefaultMetrics({ register })
    return register
  })
  return processMetrics
}
