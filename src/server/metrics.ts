import type { Counter, Histogram, Registry } from 'prom-client'
import { program } from '../lib/program.ts'
import type { HandledRequest } from '../platform/http.ts'
import { detectedRegistryNames } from '../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import type { RegistrySyncStatus } from '../sync/status.ts'
import type { StreamCounts } from './events/event-hub.ts'

/** Metrics of the server itself: no label of them names a registry or an entry, so everybody may see them. */
export interface ServerMetrics {
  /** Counts a response. */
  readonly note: (answered: HandledRequest) => void
  /** All metrics, with those of the registries, in the text format of Prometheus. */
  readonly render: (facts: RegistryFacts) => Promise<{ readonly type: string; readonly text: string }>
}

/** Upper bounds of durations, in seconds: most responses come from memory. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Route of requests without one: their path is untrusted input. */
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
    render: async facts => {
      const passing = new prometheus.Registry()
      await addRegistryMetrics(passing, facts)
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
 * Metrics of the process, started with the first request for them. What watches the event loop for them wakes it a hundred
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

interface RegistryFacts {
  /** Some registries may be hidden: they have no metrics. */
  readonly snapshot: Snapshot
  /** Of the visible registries. */
  readonly statuses: readonly RegistrySyncStatus[]
}

/** A value with its labels. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

interface Measure {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly take: (facts: RegistryFacts) => readonly Sample[]
}

/** Adds the current metrics of the registries. */
export async function addRegistryMetrics(register: Registry, facts: RegistryFacts): Promise<void> {
  const { Gauge } = await import('prom-client')
  for (const { name, help, labelNames, take } of measures) {
    const gauge = new Gauge({ name, help, labelNames, registers: [register] })
    for (const { labels, value } of take(facts)) gauge.set(labels, value)
  }
}

const measures: readonly Measure[] = [
  {
    name: 'nexus_registry_entries',
    help: 'Valid entries of a registry.',
    labelNames: ['registry'],
    take: byStatus(({ entries }) => entries),
  },
  {
    name: 'nexus_registry_entries_expected',
    help: 'Entries that a registry is expected to have.',
    labelNames: ['registry'],
    take: facts =>
      facts.snapshot.registries.hyper.state === 'hidden'
        ? []
        : byStatus(status => status.entries_count_expected)(facts),
  },
  {
    name: 'nexus_registry_entries_broken',
    help: 'Entries of a registry that are left out because they are broken.',
    labelNames: ['registry'],
    take: byStatus(({ broken }) => broken.length),
  },
  {
    name: 'nexus_registry_age_seconds',
    help: 'Time since a registry was last synced; below zero when the clock was set back.',
    labelNames: ['registry'],
    take: byStatus(({ age_seconds }) => age_seconds),
  },
  {
    name: 'nexus_registry_fresh',
    help: 'Whether a registry is fresh (1), or stale, failed, missing or never synced (0).',
    labelNames: ['registry'],
    take: byStatus(({ freshness }) => Number(freshness === 'fresh')),
  },
  {
    name: 'nexus_registry_sync_failures',
    help: 'Attempts in a row to bring a registry up to date that failed.',
    labelNames: ['registry'],
    take: byStatus(({ consecutive_failures }) => consecutive_failures),
  },
  {
    name: 'nexus_registry_capability',
    help: 'Whether a tool or framework was found on this machine (1) or not (0), of those that were probed.',
    labelNames: ['id', 'registry'],
    take: ({ snapshot }) => detectedRegistryNames.flatMap(registry => listCapabilities(registry, snapshot)),
  },
  {
    name: 'nexus_registry_service_up',
    help: 'Whether a service is up (1) or not (0), of those that were probed.',
    labelNames: ['id'],
    take: ({ snapshot }) =>
      Object.entries(entriesOf(snapshot, 'microservices')).flatMap(([id, { detected }]) =>
        detected === undefined || detected.status === 'unknown'
          ? []
          : [{ labels: { id }, value: Number(detected.status === 'up') }],
      ),
  },
  {
    name: 'nexus_registry_provider_configured',
    help: 'Whether a provider is configured (1) or not (0), of those that were probed.',
    labelNames: ['id'],
    take: ({ snapshot }) =>
      Object.entries(entriesOf(snapshot, 'providers')).flatMap(([id, { detected }]) =>
        detected ? [{ labels: { id }, value: Number(detected.status === 'configured') }] : [],
      ),
  },
]

/** An unknown value has no sample: 0 would be a value. */
function byStatus(measure: (status: RegistrySyncStatus) => number | null): Measure['take'] {
  return ({ statuses }) =>
    statuses.flatMap(status => {
      const value = measure(status)
      return value === null ? [] : [{ labels: { registry: status.registry }, value }]
    })
}

function listCapabilities(registry: (typeof detectedRegistryNames)[number], snapshot: Snapshot): Sample[] {
  return Object.entries(entriesOf(snapshot, registry)).flatMap(([id, { detected }]) =>
    detected ? [{ labels: { id, registry }, value: Number(detected.status === 'present') }] : [],
  )
}
