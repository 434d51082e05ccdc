import { toExportResult } from '../../env/exports.ts'
import { toLoadedGraph } from '../../graph/load-graph.ts'
import { loadJournalRecords } from '../../journal/journal.ts'
import type { Host } from '../../platform/host.ts'
import { recallOverview } from '../../readiness/explain.ts'
import { loadSnapshot } from '../../registry/load/load-snapshot.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import type { DashboardSource, DashboardView } from './dashboard-view.ts'
import { readMachineFacts } from './machine-facts.ts'
import { listMetrics, type MeasureRequest, type Sampler, toPendingSamples } from './sampler.ts'
import { toDashboard } from './to-dashboard.ts'

interface HomeDashboardRequest extends MeasureRequest {
  /** Directory of the platform, absolute. */
  readonly platformRoot: string | undefined
}

/** Dashboards of a registry home: what the last sync found, and what is measured now. */
export function openHomeDashboard(request: HomeDashboardRequest, host: Host): DashboardSource {
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
    const { variables } = await toExportResult(snapshot, host)
    const { home, platformRoot } = request
    const readiness = await recallOverview({ ...toLoadedGraph(snapshot, now), home, platformRoot }, host)
    const samples = sampler?.samples() ?? toPendingSamples(snapshot, now)
    const journal = await loadJournalRecords(directory, host)
    const machine = await readMachineFacts(host)
    return toDashboard({ snapshot, samples, variables, readiness, journal, machine, now })
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
