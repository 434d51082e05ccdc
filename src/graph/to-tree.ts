import { fold, toName } from './fold.ts'
import { type GraphEdge, type GraphNode, toLinkKey } from './graph.ts'
import { type CycleGroups, isInCycle } from './graph-cycles.ts'
import type { GraphIndex } from './graph-index.ts'
import type { TreeItem } from './graph-view.ts'

export interface TreeOptions {
  readonly depth?: number | undefined
  readonly isReverse?: boolean | undefined
  /** Whether only what the hyper registry declares gets lines of its own, as section 4 of the specification draws it. */
  readonly isFolded: boolean
  /** Which nodes are in cycles: an edge inside one gets a line of its own too. */
  readonly cycles: CycleGroups
}

// Deeper than anybody can read, and not as deep as the engine's stack.
const deepest = 200

/** Draws what a node leads to. What is below a node is drawn once; a cycle closes where one of its nodes is above itself. */
export function toTree(roots: readonly GraphNode[], index: GraphIndex, options: TreeOptions): TreeItem[] {
  const order = new Map([...index.graph.declared].map((key, place) => [key, place]))
  const drawn = new Set<string>()
  const mostDepth = Math.min(options.depth ?? deepest, deepest)
  return roots.map(root => draw(root, toName(root), []))

  function draw(node: GraphNode, name: string, trail: readonly string[]): TreeItem {
    const { lines, rest } = split(node)
    const note = rest.length > 0 ? fold(rest, index) : ''
    const end = { node, name, note, items: [] }
    if (trail.includes(node.id)) {
      const isCycle = isInCycle({ from: trail.at(-1) ?? node.id, to: node.id }, options.cycles)
      return { ...end, note: '', mark: isCycle ? 'cycle' : 'repeated' }
    }
    if (lines.length === 0) return { ...end, mark: null }
    if (drawn.has(node.id)) return { ...end, note: '', mark: 'repeated' }
    if (trail.length >= mostDepth) return { ...end, mark: 'more' }
    drawn.add(node.id)
    const items = lines.flatMap(edge => {
      const next = index.node(options.isReverse ? edge.from : edge.to)
      return next ? [draw(next, toNameBelow(next, node), [...trail, node.id])] : []
    })
    return { ...end, mark: null, items }
  }

  function split(node: GraphNode): { lines: readonly GraphEdge[]; rest: readonly GraphEdge[] } {
    const edges = (options.isReverse ? index.to : index.from)(node.id)
    if (!options.isFolded) return { lines: inOrder(edges), rest: [] }
    const lines = edges.filter(edge => isDrawnInSpecification(edge, index) || isInCycle(edge, options.cycles))
    const ends = new Set(lines.map(({ to }) => to))
    return { lines: inOrder(lines), rest: edges.filter(({ to }) => !ends.has(to)) }
  }

  function inOrder(edges: readonly GraphEdge[]): GraphEdge[] {
    const rank = (edge: GraphEdge) => order.get(toLinkKey(edge)) ?? order.size
    const seen = new Set<string>()
    return edges
      .toSorted((left, right) => rank(left) - rank(right))
      .filter(edge => !seen.has(toLinkKey(edge)) && seen.add(toLinkKey(edge)))
  }
}

/** Whether an edge is one of those that section 4 of the specification draws: declared, and no mere mention of an entry. */
export function isDrawnInSpecification(edge: GraphEdge, index: GraphIndex): boolean {
  if (!index.graph.declared.has(toLinkKey(edge))) return false
  return edge.type === 'requires' || index.node(edge.to)?.kind === 'registry'
}

// The hyper registry calls the others by their names, everybody else by their files.
function toNameBelow(node: GraphNode, parent: GraphNode): string {
  return node.kind === 'registry' && parent.id === 'hyper' ? node.id : toName(node)
}
