import { toName } from './fold.ts'
import type { Graph, GraphEdgeType, GraphNode } from './graph.ts'
import { findGraphCycles } from './graph-cycles.ts'
import { createGraphIndex } from './graph-index.ts'
import type { GraphView, TreeItem } from './graph-view.ts'
import { filterGraph } from './sort-graph.ts'

export interface CyclesView {
  readonly cycles: readonly (readonly string[])[]
  readonly view: GraphView
}

/** Who needs each other in a cycle; with `types`, a cycle of edges of these types. */
export function toCyclesView(graph: Graph, types?: readonly GraphEdgeType[]): CyclesView {
  const index = createGraphIndex(graph)
  const cycles = findGraphCycles(index, types)
  const ids = new Set(cycles.flat())
  const part = filterGraph(graph, { node: ({ id }) => ids.has(id) })
  const tree = cycles.flatMap(cycle => toCycleBranch(cycle, index.node))
  return { cycles, view: { title: 'Cycles', graph: part, picture: part, tree, hint: null } }
}

/** A cycle as a branch of a tree: each node below the one that needs it, and the first one once more at the end. */
export function toCycleBranch(
  cycle: readonly string[],
  nodeOf: (id: string) => GraphNode | undefined,
): TreeItem[] {
  let items: TreeItem[] = []
  // From the end to the beginning, so that a cycle of any length takes no stack.
  for (const id of [...cycle, ...cycle.slice(0, 1)].reverse()) {
    const node = nodeOf(id)
    if (node)
      items = [{ node, name: toName(node), note: '', mark: items.length === 0 ? 'cycle' : null, items }]
  }
  return items
}
