import type { Graph, GraphEdge, GraphNode } from './graph.ts'

/** A graph as walks ask it. */
export interface GraphIndex {
  readonly graph: Graph
  node(id: string): GraphNode | undefined
  /** Edges that begin at a node, in their order. */
  from(id: string): readonly GraphEdge[]
  /** Edges that end at a node, in their order. */
  to(id: string): readonly GraphEdge[]
}

export function createGraphIndex(graph: Graph): GraphIndex {
  const nodes = new Map(graph.nodes.map(node => [node.id, node]))
  const outgoing = groupBy(graph.edges, ({ from }) => from)
  const incoming = groupBy(graph.edges, ({ to }) => to)
  return {
    graph,
    node: id => nodes.get(id),
    from: id => outgoing.get(id) ?? [],
    to: id => incoming.get(id) ?? [],
  }
}

/** Items by their key, each group in the order of the items. */
export function groupBy<T>(items: readonly T[], toKey: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = toKey(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
