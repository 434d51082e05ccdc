import type { DashboardSource } from '../../core/dashboard/dashboard-source.ts'
import type { DashboardView } from '../../core/dashboard/dashboard-view.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { toEnvAnswer } from '../env/env-of-snapshot.ts'
import type { MeasureRequest } from './measures/create-measure.ts'
import { measures } from './measures/index.ts'
import { listMetrics } from './measures/measured-metrics.ts'
import { createSampler } from './sampler.ts'
import type { SampleBook } from './samples.ts'
import { toDashboard } from './to-dashboard.ts'

/** Dashboards of a registry home: what the last sync found, and what is measured now. */
export function openHomeDashboard(request: MeasureRequest, host: Host): DashboardSource {
  const { directory } = request.home
  const sampler = createSampler(
    measures.map(create => create(request, host)),
    host,
  )
  const show = async (snapshot: Snapshot): Promise<DashboardView> => {
    const now = host.clock.now()
    const { variables } = await toEnvAnswer(snapshot, now)
    const samples = sampler.samples()
    return toDashboard({
      snapshot,
      samples: samples.size > 0 ? samples : toPending(snapshot, now),
      variables,
      now,
    })
  }
  return {
    name: directory,
    home: directory,
    load: async () => {
      const snapshot = await loadSnapshot(directory, host)
      await sampler.measure(snapshot)
      host.interrupted.throwIfAborted()
      return show(snapshot)
    },
    peek: async () => show(await loadSnapshot(directory, host)),
  }
}

function toPending(snapshot: Snapshot, now: number): SampleBook {
  const pending = { at: now, value: null, reason: 'it is being measured' } as const
  return new Map(listMetrics(snapshot).map(({ id }) => [`metric/${id}`, [pending]]))
}
