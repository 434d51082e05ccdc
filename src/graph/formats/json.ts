import type { GraphFormat } from './format.ts'

/** The graph as data: nothing is collapsed, and the order is always the same. */
export const renderGraphJson: GraphFormat = ({ graph }) => {
  const nodes = graph.nodes.map(({ id, kind, label, status }) => ({ id, kind, label, status }))
  const edges = graph.edges.map(({ from, to, type }) => ({ from, to, type }))
  return JSON.stringify({ nodes, edges }, null, 2)
}
