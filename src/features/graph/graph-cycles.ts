import { findCycles, type Link } from '../../core/find-cycles.ts'
import type { GraphEdge } from '../../core/graph/graph.ts'
import type { GraphIndex } from '../../core/graph/graph-index.ts'

/**
 * One cycle of each group of nodes that all need each other, as `validate` finds them. A capability is no one in
 * particular: it counts only where a single thing provides it, and then as that thing.
 */
export function findGraphCycles(index: GraphIndex): string[][] {
  return findCycles(index.graph.edges.flatMap(edge => toLinks(edge, index)))
}

function toLinks({ from, to, type }: GraphEdge, index: GraphIndex): Link[] {
  if (type === 'provided_by') return []
  if (index.node(to)?.kind !== 'capability') return [{ from, to }]
  const only = findOnlyProvider(to, index)
  return only === undefined || only === from ? [] : [{ from, to: only }]
}

// It ends with the second one: a hundred thousand may provide what a hundred thousand need.
function findOnlyProvider(capability: string, index: GraphIndex): string | undefined {
  let only: string | undefined
  for (const { to, type } of index.from(capability)) {
    if (type !== 'provided_by') continue
    if (only !== undefined) return undefined
    only = to
  }
  return only
}
