import { toShellWord } from '../lib/shell/to-shell-word.ts'
import { toName } from './fold.ts'
import { type Graph, type GraphEdgeType, type GraphNode, registryOf } from './graph.ts'
import { findNodesInCycles } from './graph-cycles.ts'
import { createGraphIndex, type GraphIndex } from './graph-index.ts'
import type { GraphView } from './graph-view.ts'
import { reach } from './reach.ts'
import { isDrawnInSpecification, toTree } from './to-tree.ts'
import { toWholeView } from './whole-view.ts'

export interface ViewRequest {
  readonly depth?: number | undefined
  /** Whether to show what needs the node instead of what it needs. */
  readonly isReverse?: boolean | undefined
  /** Whether nothing is folded or collapsed. */
  readonly isWhole?: boolean | undefined
  /** Types of edges that the graph was cut down to; any when undefined. */
  readonly types?: readonly GraphEdgeType[] | undefined
}

/** Decides what to show of a graph: of one node, or of everything. */
export function planView(root: GraphNode | undefined, graph: Graph, request: ViewRequest): GraphView {
  const index = createGraphIndex(graph)
  return root === undefined ? toWholeView(index, request) : toNodeView(root, index, request)
}

function toNodeView(root: GraphNode, index: GraphIndex, request: ViewRequest): GraphView {
  const { depth, isReverse = false } = request
  const roots = toRoots(root, index, isReverse)
  const part = reach(
    roots.map(({ id }) => id),
    index,
    { depth, isReverse },
  )
  const isFolded = !request.isWhole && !isReverse && roots.length === 1 && isDeclaredRoot(root, index)
  const cycles = findNodesInCycles(index, request.types)
  const tree = toTree(roots, index, { depth, isReverse, isFolded, cycles })
  const title = isReverse ? `What needs ${toName(root)}` : `What ${toName(root)} needs`
  const hint = isFolded ? `Every line: nexus-registry graph ${toShellWord(root.id)} --all` : null
  return { title, graph: part, picture: part, tree, hint }
}

// A registry that leads nowhere stands for its entries.
function toRoots(root: GraphNode, index: GraphIndex, isReverse: boolean): readonly GraphNode[] {
  if (root.kind !== 'registry' || isReverse || index.from(root.id).length > 0) return [root]
  const entries = index.graph.nodes.filter(node => registryOf(node) === root.id)
  return entries.length > 0 ? entries : [root]
}

function isDeclaredRoot({ id }: GraphNode, index: GraphIndex): boolean {
  return index.from(id).some(edge => isDrawnInSpecification(edge, index))
}
