import type { GraphEdge } from '../graph.ts'
import type { Cluster } from './clusters.ts'

/** So many below each other need no second column. */
const mostInColumn = 6

/** Ids of nodes without any edge, in rows: below each other, dozens of them would make a picture that nobody sees at once. */
export function toRows({ nodes }: Pick<Cluster, 'nodes'>, edges: readonly GraphEdge[]): string[][] {
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const ids = nodes.map(({ id }) => id).filter(id => !linked.has(id))
  const columns = Math.ceil(ids.length / Math.max(mostInColumn, Math.sqrt(ids.length * 3)))
  const count = columns < 2 ? 0 : Math.ceil(ids.length / columns)
  return Array.from({ length: count }, (_, row) => ids.slice(row * columns, (row + 1) * columns))
}
