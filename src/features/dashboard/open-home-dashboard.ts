import type { DashboardSource } from '../../core/dashboard/dashboard-source.ts'
import type { DashboardView } from '../../core/dashboard/dashboard-view.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { toEnvAnswer } from '../env/env-of-snapshot.ts'
import type { MeasureRequest } from './measures/create-measure.ts'
import { listMetrics } from './measures/measured-metrics.ts'
import type { Sampler } from './sampler.ts'
import type { SampleBook } from './samples.ts'
import { toDashboard } from './to-dashboard.ts'

/** Dashboards of a registry home: what the last sync found, and what is measured now. */
export function openHomeDashboard(request: MeasureRequest, host: Host): DashboardSource {
  const { directory } = request.home
  let sampler: Sampler | undefined
  const measure = async (snapshot: Snapshot) => {
    // Without anything to measure, how to do that is not loaded.
    if (listMetrics(snapshot).length === 0 && !request.isDeep) return
    sampler ??= await loadSampler(request, host)
    await sampler.measure(snapshot)
  }
  const show = async (snapshot: Snapshot): Promise<DashboardView> => {
    const now = host.clock.now()
    const { variables } = await toEnvAnswer(snapshot, now)
    const samples = sampler?.samples() ?? toPending(snapshot, now)
    return toDashboard({ snapshot, samples, variables, now })
  }
  return {
    name: directory,
    home: directory,
    load: async () => {
      const snapshot = await loadSnapshot(directory, host)
      await measure(snapshot)
      host.interrupted.throwIfAborted()
      return show(snapshot)
    },
    peek: async () => show(await loadSnapshot(directory, host)),
  }
}

async function loadSampler(request: MeasureRequest, host: Host): Promise<Sampler> {
  const [{ measures }, { createSampler }] = await Promise.all([
    import('./measures/index.ts'),
    import('./sampler.ts'),
  ])
  return createSampler(
    measures.map(create => create(request, host)),
    host,
  )
}

// Until the first look is over.
function toPending(snapshot: Snapshot, now: number): SampleBook {
  const pending = { at: now, value: null, reason: 'it is being measured' } as const
  return new Map(listMetrics(snapshot).map(({ id }) => [`metric/${id}`, [pending]]))
}
