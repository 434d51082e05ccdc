import { toShellWord } from '../lib/shell/quote.ts'
import { type CycleGroups, findGraphCycles, findNodesInCycles, isInCycle, toCycleBranch } from './cycles.ts'
import { fold, reach, toName, toOverview } from './fold.ts'
import {
  createGraphIndex,
  type Graph,
  type GraphEdge,
  type GraphEdgeType,
  type GraphIndex,
  type GraphNode,
  type GraphView,
  registryOf,
  type TreeItem,
  toLinkKey,
} from './graph.ts'

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
  return { title, graph: part, diagram: part, tree, hint }
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

interface TreeOptions {
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
function toTree(roots: readonly GraphNode[], index: GraphIndex, options: TreeOptions): TreeItem[] {
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
function isDrawnInSpecification(edge: GraphEdge, index: GraphIndex): boolean {
  if (!index.graph.declared.has(toLinkKey(edge))) return false
  return edge.type === 'requires' || index.node(edge.to)?.kind === 'registry'
}

// The hyper registry calls the others by their names, everybody else by their files.
function toNameBelow(node: GraphNode, parent: GraphNode): string {
  return node.kind === 'registry' && parent.id === 'hyper' ? node.id : toName(node)
}

const howToExpand =
  'A group opens with nexus-registry graph REGISTRY, everything with --all, one thing with nexus-registry graph REF'

/**
 * Everything: the components as section 4 of the specification draws them, then each registry with its entries, then the
 * cycles that nothing of this shows.
 */
function toWholeView(whole: GraphIndex, request: ViewRequest): GraphView {
  const { graph } = whole
  const diagram = request.isWhole ? graph : toOverview(graph)
  const index = createGraphIndex(diagram)
  const cycles = findNodesInCycles(whole, request.types)
  const components = toTree(listDeclaredRoots(diagram), index, {
    depth: request.depth,
    isFolded: true,
    cycles,
  })
  const depth = request.depth ?? 2
  const registries = components.map(item =>
    item.node.id === 'hyper' ? withEntries(item, index, depth) : item,
  )
  const others = listUndrawn(registries, index).map(node => withOwnEntries(toLine(node, index), index))
  const tree = [...registries, ...others, ...listOtherCycles(components, { cycles, whole, request })]
  const title = 'Everything, by registry'
  return { title, graph, diagram, tree, hint: request.isWhole ? null : howToExpand }
}

interface Drawing {
  readonly cycles: CycleGroups
  readonly whole: GraphIndex
  readonly request: ViewRequest
}

/** One cycle of each group in which no cycle is drawn. */
function listOtherCycles(items: readonly TreeItem[], { cycles, whole, request }: Drawing): TreeItem[] {
  const drawn = new Set(listClosings(items).map(({ node }) => cycles.get(node.id)))
  return findGraphCycles(whole, request.types)
    .filter(([first = '']) => !drawn.has(cycles.get(first)))
    .flatMap(cycle => toCycleBranch(cycle, whole.node))
}

function listClosings(items: readonly TreeItem[]): TreeItem[] {
  return items.flatMap(item => (item.mark === 'cycle' ? [item] : listClosings(item.items)))
}

/** Nodes that declare what they need and that no declaration needs. */
function listDeclaredRoots({ nodes, edges, declared }: Graph): GraphNode[] {
  const own = edges.filter(edge => declared.has(toLinkKey(edge)))
  const [from, to] = [new Set(own.map(edge => edge.from)), new Set(own.map(edge => edge.to))]
  const roots = nodes.filter(({ id }) => from.has(id) && !to.has(id))
  // The components first, and then where everything is written down.
  return roots.toSorted((left, right) => Number(left.id === 'hyper') - Number(right.id === 'hyper'))
}

/** Registries that the hyper registry does not lead to: the dashboard, and all of them when it is broken. */
function listUndrawn(items: readonly TreeItem[], index: GraphIndex): GraphNode[] {
  const hyper = items.find(({ node }) => node.id === 'hyper')
  const drawn = new Set(['hyper', ...(hyper?.items ?? []).map(({ node }) => node.id)])
  return index.graph.nodes.filter(({ id, kind }) => kind === 'registry' && !drawn.has(id))
}

function withEntries(item: TreeItem, index: GraphIndex, depth: number): TreeItem {
  return depth > 1 ? { ...item, items: item.items.map(registry => withOwnEntries(registry, index)) } : item
}

function withOwnEntries(item: TreeItem, index: GraphIndex): TreeItem {
  const entries = index.graph.nodes.filter(node => registryOf(node) === item.node.id)
  return { ...item, items: entries.map(node => toLine(node, index)) }
}

function toLine(node: GraphNode, index: GraphIndex): TreeItem {
  return { node, name: toName(node), note: fold(index.from(node.id), index), mark: null, items: [] }
}
