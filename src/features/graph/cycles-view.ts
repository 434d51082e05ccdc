import type { Graph } from '../../core/graph/graph.ts'
import { createGraphIndex } from '../../core/graph/graph-index.ts'
import type { GraphView, TreeItem } from '../../core/graph/graph-view.ts'
import { filterGraph } from '../../core/graph/sort-graph.ts'
import { toName } from './fold.ts'
import { findGraphCycles } from './graph-cycles.ts'

export interface CyclesView {
  readonly cycles: readonly (readonly string[])[]
  readonly view: GraphView
}

/** Who needs each other in a circle. */
export function toCyclesView(graph: Graph): CyclesView {
  const index = createGraphIndex(graph)
  const cycles = findGraphCycles(index)
  const ids = new Set(cycles.flat())
  const part = filterGraph(graph, { node: ({ id }) => ids.has(id) })
  const tree = cycles.flatMap(cycle => toBranch(cycle, index.node))
  return { cycles, view: { title: 'Cycles', graph: part, picture: part, tree, hint: null } }
}

function toBranch(cycle: readonly string[], nodeOf: ReturnType<typeof createGraphIndex>['node']): TreeItem[] {
  let items: TreeItem[] = []
  // From the end to the beginning, so that a cycle of any length takes no stack.
  for (const id of [...cycle, ...cycle.slice(0, 1)].reverse()) {
    const node = nodeOf(id)
    if (node)
      items = [{ node, name: toName(node), note: '', mark: items.length === 0 ? 'cycle' : null, items }]
  }
  return items
}
