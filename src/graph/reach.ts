import type { Graph, GraphEdge } from './graph.ts'
import type { GraphIndex } from './graph-index.ts'
import { filterGraph } from './sort-graph.ts'

export interface ReachOptions {
  /** Steps from the roots; without it there is no end. */
  readonly depth?: number | undefined
  /** Whether edges are walked from their end to their beginning. */
  readonly isReverse?: boolean | undefined
}

/** The part of a graph that some nodes lead to, or with `isReverse` that leads to them. */
export function reach(roots: readonly string[], index: GraphIndex, options: ReachOptions = {}): Graph {
  const edges = options.isReverse ? index.to : index.from
  const seen = new Set(roots)
  const walked = new Set<GraphEdge>()
  let level: readonly string[] = roots
  for (let step = 0; level.length > 0 && step < (options.depth ?? Number.POSITIVE_INFINITY); step += 1) {
    const next: string[] = []
    for (const edge of level.flatMap(edges)) {
      walked.add(edge)
      const end = options.isReverse ? edge.from : edge.to
      if (seen.has(end)) continue
      seen.add(end)
      next.push(end)
    }
    level = next
  }
  return filterGraph(index.graph, { node: ({ id }) => seen.has(id), edge: edge => walked.has(edge) })
}
