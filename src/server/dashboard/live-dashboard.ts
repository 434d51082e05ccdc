import type {
  DashboardModel,
  DashboardView,
  FreshGpu,
  FreshReading,
  FreshReadings,
  GpuReading,
  Reading,
} from '../../dashboard/model/dashboard-view.ts'
import { readMachineFacts } from '../../dashboard/model/machine-facts.ts'
import {
  createSampler,
  type Measure,
  type SampleBook,
  toPendingSamples,
} from '../../dashboard/model/sampler.ts'
import { toDashboard, toMeasuredPart } from '../../dashboard/model/to-dashboard.ts'
import { listModels } from '../../dashboard/model/to-models.ts'
import { toExportResult } from '../../env/exports.ts'
import { createJournalReader } from '../../journal/journal.ts'
import type { Host } from '../../platform/host.ts'
import type { RecalledOverview } from '../../readiness/explain.ts'
import { createOverview } from '../../readiness/overview.ts'
import type { Variable } from '../../registry/refs.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { renderEvent } from '../events/event-ring.ts'
import type { Events } from '../events/events.ts'
import { createKeep, type EvaluationContext, evaluateView, type View } from '../revision.ts'
import type { ServerState } from '../serve-request.ts'

/** The dashboard of a server: what it measures, and what each caller sees of that. */
export interface LiveDashboard {
  /** The dashboard now. A request starts measuring for a while. */
  readonly show: (view: View) => Promise<DashboardView>
  /** All models that a caller may read. */
  readonly listModels: (view: View) => Promise<readonly DashboardModel[]>
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
const readinessOf = createKeep<Promise<ViewReadiness>>()

/** Measures while the dashboard is watched, and sends new readings to event streams. */
export function openLiveDashboard(request: LiveDashboardRequest): LiveDashboard {
  const { catalog, events, host, measures, onDefect } = request
  const { clock } = host
  const sampler = createSampler(measures, host)
  const loadJournal = createJournalReader(request.home.directory, host)
  const ended = new AbortController()
  let requestedAt = Number.NEGATIVE_INFINITY
  let measuredAt = Number.NEGATIVE_INFINITY
  const draw = async (view: View): Promise<DashboardView> => {
    const variables = await view.keep(variablesOf, () => loadVariables(view, host))
    const readiness = await view.keep(readinessOf, () => loadReadiness(view, request))
    const now = clock.now()
    const measured = sampler.samples()
    const samples = measured.size === 0 ? toPendingSamples(view.snapshot, now) : measured
    const [journal, machine] = await Promise.all([loadJournal(), readMachineFacts(host)])
    return toDashboard({ snapshot: view.snapshot, samples, variables, readiness, journal, machine, now })
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
    listModels: async view => {
      const { statuses } = await view.keep(readinessOf, () => loadReadiness(view, request))
      return listModels({ snapshot: view.snapshot, statuses, now: clock.now() })
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

type ViewReadiness = Pick<RecalledOverview, 'statuses' | 'conditionOf' | 'overview'>

async function loadReadiness(view: View, context: EvaluationContext): Promise<ViewReadiness> {
  const { graph, facts, ...readiness } = await evaluateView(view, context)
  return { ...readiness, overview: createOverview(graph, facts, readiness) }
}

/** New readings for a snapshot; undefined when there are none. */
function toFreshReadings(
  snapshot: Snapshot,
  { before, after }: { readonly before: SampleBook; readonly after: SampleBook },
): FreshReadings | undefined {
  const [known, now] = [listReadings(snapshot, before), listReadings(snapshot, after)]
  const knownReadings = new Map(known.readings.map(each => [toKey(each), each]))
  const readings = now.readings.filter(each => isNews(each, knownReadings.get(toKey(each))))
  const gpus = areGpusNews(now.gpus, known.gpus) ? now.gpus : undefined
  return readings.length === 0 && gpus === undefined ? undefined : { readings, ...(gpus && { gpus }) }
}

function listReadings(snapshot: Snapshot, samples: SampleBook) {
  const { sections, gpus } = toMeasuredPart({ snapshot, samples, variables: [], now: 0 })
  const readings = sections.flatMap(({ cards }) =>
    cards.flatMap(({ ref, readings }) => readings.map(reading => toFresh(ref, reading))),
  )
  return { readings, gpus: gpus.map(toFreshGpu) }
}

function toFresh(ref: string, { id, value, amount, level, reason, read_at }: Reading): FreshReading {
  return { ref, id, value, amount, level, reason, read_at }
}

function toFreshGpu({ history: _, ...gpu }: GpuReading): FreshGpu {
  return gpu
}

function toKey({ ref, id }: FreshReading): string {
  return `${ref}\0${id}`
}

// A line over time wants every value. That there is still none, for the same reason, is no news.
function isNews(now: FreshReading, before: FreshReading | undefined): boolean {
  if (now.read_at === before?.read_at) return false
  return now.value !== null || before?.value !== null || now.reason !== before.reason
}

// The same of GPUs: one that is asleep stays so without an event.
function areGpusNews(now: readonly FreshGpu[], before: readonly FreshGpu[]): boolean {
  const isMeasured = now.some(
    ({ read_at, reason }, index) => reason === null && read_at !== before[index]?.read_at,
  )
  const toFacts = (gpus: readonly FreshGpu[]) => JSON.stringify(gpus.map(gpu => ({ ...gpu, read_at: null })))
  return isMeasured || toFacts(now) !== toFacts(before)
}
