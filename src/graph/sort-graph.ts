import { type Graph, type GraphEdge, type GraphNode, toLinkKey } from './graph.ts'

/** Puts nodes and edges in their order, and leaves out what is there twice. */
export function sortGraph({ nodes, edges, declared }: Graph): Graph {
  return {
    nodes: unique(nodes, ({ id }) => id),
    edges: unique(edges, toEdgeKey),
    declared,
  }
}

/** The graph without the nodes and edges that are not wanted. An edge goes with its ends. */
export function filterGraph(
  graph: Graph,
  isWanted: { node?: (node: GraphNode) => boolean; edge?: (edge: GraphEdge) => boolean },
): Graph {
  const nodes = isWanted.node ? graph.nodes.filter(isWanted.node) : graph.nodes
  const ids = new Set(nodes.map(({ id }) => id))
  const edges = graph.edges.filter(
    edge => ids.has(edge.from) && ids.has(edge.to) && (isWanted.edge?.(edge) ?? true),
  )
  return { nodes, edges, declared: graph.declared }
}

function toEdgeKey(edge: GraphEdge): string {
  return `${toLinkKey(edge)}\0${edge.type}`
}

// Code units, not a locale: the same everywhere.
function unique<T>(items: readonly T[], toKey: (item: T) => string): T[] {
  const byKey = new Map(items.map(item => [toKey(item), item]))
  return [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item)
}
