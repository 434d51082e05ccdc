import type {
  DashboardView,
  FreshReading,
  FreshReadings,
  Reading,
  TimedChange,
} from '../../dashboard/model/dashboard-view.ts'
import {
  createSampler,
  type Measure,
  type SampleBook,
  toPendingSamples,
} from '../../dashboard/model/sampler.ts'
import { toDashboard } from '../../dashboard/model/to-dashboard.ts'
import { toExportResult } from '../../env/exports.ts'
import type { Readiness } from '../../graph/graph.ts'
import type { Host } from '../../platform/host.ts'
import { recallReadiness } from '../../readiness/explain.ts'
import type { Variable } from '../../registry/refs.ts'
import { registryNames } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import type { Catalog } from '../catalog.ts'
import { renderEvent } from '../events/event-ring.ts'
import type { Events } from '../events/events.ts'
import { planChange } from '../events/plan-change.ts'
import { createKeep, type EvaluationContext, type Revision, type View } from '../revision.ts'
import type { ServerState } from '../serve-request.ts'

/** The dashboard of a server: what it measures, and what each caller sees of that. */
export interface LiveDashboard {
  /** The dashboard now. A request starts measuring for a while. */
  readonly show: (view: View) => Promise<DashboardView>
  readonly close: () => Promise<void>
}

interface LiveDashboardRequest extends Pick<ServerState, 'catalog'>, EvaluationContext {
  readonly events: Events
  readonly measures: readonly Measure[]
  /** Called for bugs. Measuring continues. */
  readonly onDefect: (error: unknown) => void
}

/** Time between two measurements, in milliseconds. */
const measureEveryMs = 5000
/** Time after a request in which the dashboard counts as watched, in milliseconds. */
const watchedMs = 30_000

const variablesOf = createKeep<Promise<readonly Variable[]>>()
const readinessOf = createKeep<Promise<ReadonlyMap<string, Readiness>>>()

/** Measures while the dashboard is watched, and sends new readings to event streams. */
export function openLiveDashboard(request: LiveDashboardRequest): LiveDashboard {
  const { catalog, events, host, measures, onDefect } = request
  const { clock } = host
  const sampler = createSampler(measures, host)
  const recent = keepRecentChanges(catalog, host)
  const ended = new AbortController()
  let requestedAt = Number.NEGATIVE_INFINITY
  let measuredAt = Number.NEGATIVE_INFINITY
  const draw = async (view: View): Promise<DashboardView> => {
    const variables = await view.keep(variablesOf, () => loadVariables(view, host))
    const readiness = await view.keep(readinessOf, () => loadReadiness(view, request))
    const now = clock.now()
    const measured = sampler.samples()
    const samples = measured.size === 0 ? toPendingSamples(view.snapshot, now) : measured
    const changes = recent.list(view)
    return toDashboard({ snapshot: view.snapshot, samples, variables, readiness, now, changes })
  }
  const measure = async () => {
    measuredAt = clock.elapsed()
    const before = sampler.samples()
    const after = await sampler.measure((await catalog.current()).snapshot)
    // Access rights are those at the time of sending.
    const revision = await catalog.current()
    const bodies = new Map<View, string | undefined>()
    events.mention(caller => {
      const view = revision.view(caller)
      if (bodies.has(view)) return bodies.get(view)
      const fresh = toFreshReadings(view.snapshot, { before, after })
      const body = fresh && renderEvent('readings', fresh)
      bodies.set(view, body)
      return body
    })
  }
  const measureInTime = async () => {
    const isWatched = events.counts().open > 0 || clock.elapsed() - requestedAt < watchedMs
    if (isWatched) await measure().catch(onDefect)
  }
  const measuring = repeat(measureInTime, clock, ended.signal)
  return {
    show: view => {
      requestedAt = clock.elapsed()
      // The first response does not wait for a measurement: readings follow as an event, or with the next response.
      if (requestedAt - measuredAt >= measureEveryMs) void measure().catch(onDefect)
      return draw(view)
    },
    close: async () => {
      ended.abort()
      await measuring
    },
  }
}

async function repeat(act: () => Promise<void>, clock: Host['clock'], ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await clock.sleep(measureEveryMs, ended).catch(() => undefined)
    if (!ended.aborted) await act()
  }
}

async function loadVariables({ snapshot }: View, host: Host): Promise<readonly Variable[]> {
  return (await toExportResult(snapshot, host)).variables
}

// Cards show that of providers alone. All of a large home takes twice as long.
function loadReadiness({ snapshot }: View, { host, platformRoot }: EvaluationContext) {
  return recallReadiness(['providers'], { snapshot, platformRoot }, host)
}

/** Recent changes, for clients that come later. */
interface RecentChanges {
  /** Changes that a caller may read, newest first. */
  readonly list: (view: View) => readonly TimedChange[]
}

/** Most changes that are kept. */
const mostChanges = 50

/** Keeps the last changes of what is served, since the server was started. */
function keepRecentChanges(catalog: Catalog, { clock }: Pick<Host, 'clock'>): RecentChanges {
  let kept: readonly TimedChange[] = []
  catalog.onChange(async (before, after) => {
    const at = new Date(clock.now()).toISOString()
    const changes = await compare(before, after, clock)
    kept = [...changes.map(change => ({ at, ...change })), ...kept].slice(0, mostChanges)
  })
  return { list: ({ readable }) => kept.filter(({ registry }) => readable.has(registry)) }
}

async function compare(before: Revision, after: Revision, clock: Host['clock']) {
  const [was, is] = [before.snapshot.registries, after.snapshot.registries]
  const changed = registryNames.filter(name => was[name] !== is[name])
  const changes = await Promise.all(
    changed.map(name => planChange(was[name], is[name], { etag: null, clock })),
  )
  return changes.filter(({ created, updated, removed, detected }) =>
    [created, updated, removed, detected].some(({ length }) => length > 0),
  )
}

/** New readings for a snapshot; undefined when there are none. */
function toFreshReadings(
  snapshot: Snapshot,
  { before, after }: { readonly before: SampleBook; readonly after: SampleBook },
): FreshReadings | undefined {
  const known = new Map(listReadings(snapshot, before).map(each => [toKey(each), each]))
  const readings = listReadings(snapshot, after).filter(each => isNews(each, known.get(toKey(each))))
  return readings.length === 0 ? undefined : { readings }
}

function listReadings(snapshot: Snapshot, samples: SampleBook): FreshReading[] {
  const { sections } = toDashboard({ snapshot, samples, variables: [], now: 0 })
  return sections.flatMap(({ cards }) =>
    cards.flatMap(({ ref, readings }) => readings.map(reading => toFresh(ref, reading))),
  )
}

function toFresh(ref: string, { id, value, level, reason, read_at }: Reading): FreshReading {
  return { ref, id, value, level, reason, read_at }
}

function toKey({ ref, id }: FreshReading): string {
  return `${ref}\0${id}`
}

// A line over time wants every value. That there is still none, for the same reason, is no news.
function isNews(now: FreshReading, before: FreshReading | undefined): boolean {
  if (now.read_at === before?.read_at) return false
  return now.value !== null || before?.value !== null || now.reason !== before.reason
}
