import { toLoadedGraph } from '../graph/load-graph.ts'
import { evaluateSnapshot, type SnapshotReadiness } from '../readiness/evaluate-snapshot.ts'
import { recallFacts } from '../readiness/facts.ts'
import { createKeep, type View } from './revision.ts'
import type { HomeContext } from './server-state.ts'

const cachedReadiness = createKeep<Promise<SnapshotReadiness>>()

/** The readiness of everything that a caller may read, by the last sync. Runs no probe. */
export function evaluateView(
  view: View,
  { home, host, platformRoot }: Pick<HomeContext, 'home' | 'host' | 'platformRoot'>,
): Promise<SnapshotReadiness> {
  return view.keep(cachedReadiness, async () => {
    const { graph } = toLoadedGraph(view.snapshot, host.clock.now())
    const facts = await recallFacts({ home, snapshot: view.snapshot, platformRoot }, host)
    return evaluateSnapshot(
      graph.nodes.map(({ id }) => id),
      graph,
      facts,
    )
  })
}
