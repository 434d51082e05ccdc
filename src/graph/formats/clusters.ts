import { type Graph, type GraphNode, registryOf } from '../graph.ts'
import { groupBy } from '../graph-index.ts'

export interface Cluster {
  /** Name of the registry; empty for what is in none. */
  readonly registry: string
  readonly label: string
  readonly nodes: readonly GraphNode[]
}

/** The nodes of a picture by registry, each registry with its own node, what is in none of them first. */
export function toClusters({ nodes }: Pick<Graph, 'nodes'>): Cluster[] {
  const isEntry = (node: GraphNode) => registryOf(node) !== undefined
  const inOrder = [...nodes.filter(node => !isEntry(node)), ...nodes.filter(isEntry)]
  const byRegistry = groupBy(inOrder, node => registryOf(node) ?? '')
  return [...byRegistry].map(([registry, own]) => ({
    registry,
    label: registry.replaceAll('_', ' '),
    nodes: own,
  }))
}
