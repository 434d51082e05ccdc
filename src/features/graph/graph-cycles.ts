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
  const [only, ...others] = index.from(to).filter(edge => edge.type === 'provided_by')
  if (only === undefined || others.length > 0 || only.to === from) return []
  return [{ from, to: only.to }]
}
