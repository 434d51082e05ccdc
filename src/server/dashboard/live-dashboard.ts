import type { DashboardView } from '../../dashboard/model/dashboard-view.ts'
import { toPendingSamples } from '../../dashboard/model/measures/pending-samples.ts'
import { createSampler, type Measure } from '../../dashboard/model/sampler.ts'
import { toDashboard } from '../../dashboard/model/to-dashboard.ts'
import { toEnvAnswer } from '../../env/env-of-snapshot.ts'
import type { Host } from '../../platform/host.ts'
import type { Variable } from '../../registry/variable.ts'
import { createKeep, type View } from '../edition.ts'
import type { Events } from '../events/events.ts'
import { renderEvent } from '../events/render-event.ts'
import type { ServerState } from '../server-state.ts'
import { keepRecentChanges } from './recent-changes.ts'
import { toFreshReadings } from './to-fresh-readings.ts'

/** The dashboard of a server: what it measures, and what each caller sees of that. */
export interface LiveDashboard {
  /** What a dashboard shows now. That it is asked for has the metrics measured for a while. */
  readonly ask: (view: View) => Promise<DashboardView>
  readonly close: () => Promise<void>
}

export interface LiveDashboardRequest extends Pick<ServerState, 'catalog'> {
  readonly events: Events
  readonly measures: readonly Measure[]
  readonly host: Host
  /** Told of what should not happen. Measuring goes on. */
  readonly onDefect: (error: unknown) => void
}

/** How often is measured, in milliseconds. */
const measureEveryMs = 5000
/** For how long somebody who asked counts as still looking, in milliseconds. */
const watchedMs = 30_000

const variablesOf = createKeep<Promise<readonly Variable[]>>()

/** Measures while somebody looks, and tells who listens what was measured. While nobody does, nothing is measured. */
export function openLiveDashboard(request: LiveDashboardRequest): LiveDashboard {
  const { catalog, events, host, measures, onDefect } = request
  const { clock } = host
  const sampler = createSampler(measures, host)
  const recent = keepRecentChanges(catalog, host)
  const ended = new AbortController()
  let askedAt = Number.NEGATIVE_INFINITY
  let measuredAt = Number.NEGATIVE_INFINITY
  const draw = async (view: View): Promise<DashboardView> => {
    const variables = await view.keep(variablesOf, () => loadVariables(view, clock.now()))
    const now = clock.now()
    const measured = sampler.samples()
    const samples = measured.size === 0 ? toPendingSamples(view.snapshot, now) : measured
    return toDashboard({ snapshot: view.snapshot, samples, variables, now, changes: recent.list(view) })
  }
  const measure = async () => {
    measuredAt = clock.elapsed()
    const before = sampler.samples()
    const after = await sampler.measure((await catalog.current()).snapshot)
    // Rights are those of the moment at which it is told.
    const edition = await catalog.current()
    const bodies = new Map<View, string | undefined>()
    events.mention(caller => {
      const view = edition.view(caller)
      if (bodies.has(view)) return bodies.get(view)
      const fresh = toFreshReadings(view.snapshot, { before, after })
      const body = fresh && renderEvent('readings', fresh)
      bodies.set(view, body)
      return body
    })
  }
  const measureInTime = async () => {
    const isWatched = events.counts().open > 0 || clock.elapsed() - askedAt < watchedMs
    if (isWatched) await measure().catch(onDefect)
  }
  const measuring = repeat(measureInTime, clock, ended.signal)
  return {
    ask: view => {
      askedAt = clock.elapsed()
      // Who comes first waits for no measuring: it follows as an event, or with the next answer.
      if (askedAt - measuredAt >= measureEveryMs) void measure().catch(onDefect)
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

async function loadVariables({ snapshot }: View, now: number): Promise<readonly Variable[]> {
  return (await toEnvAnswer(snapshot, now)).variables
}
