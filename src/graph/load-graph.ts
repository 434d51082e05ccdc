import type { LoadHost } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { registryNames } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { listTroubles } from '../registry/troubles.ts'
import { createGraph } from './create-graph.ts'
import type { Graph } from './graph.ts'

export interface LoadedGraph {
  readonly snapshot: Snapshot
  readonly graph: Graph
  /** What could not be read and why, and what stands in for it, a sentence each. */
  readonly troubles: readonly string[]
}

/** Reads a home and the graph in it. What is broken is told, and the rest of the graph is there. */
export async function loadGraph(directory: string, host: LoadHost): Promise<LoadedGraph> {
  return toLoadedGraph(await loadSnapshot(directory, host), host.clock.now())
}

/** The graph of a snapshot, of which some may be hidden. `now` is milliseconds since 1970. */
export function toLoadedGraph(snapshot: Snapshot, now: number): LoadedGraph {
  const registries = registryNames.map(name => snapshot.registries[name])
  return { snapshot, graph: createGraph(snapshot), troubles: listTroubles(registries, now) }
}
