import { toCycleBranch } from './cycles-view.ts'
import { fold, toName } from './fold.ts'
import { type Graph, type GraphNode, registryOf, toLinkKey } from './graph.ts'
import { type CycleGroups, findGraphCycles, findNodesInCycles } from './graph-cycles.ts'
import { createGraphIndex, type GraphIndex } from './graph-index.ts'
import type { GraphView, TreeItem } from './graph-view.ts'
import { toOverview } from './overview.ts'
import type { ViewRequest } from './plan-view.ts'
import { toTree } from './to-tree.ts'

const howToExpand =
  'A group opens with nexus-registry graph REGISTRY, everything with --all, one thing with nexus-registry graph REF'

/**
 * Everything: the components as section 4 of the specification draws them, then each registry with its entries, then the
 * cycles that nothing of this shows.
 */
export function toWholeView(whole: GraphIndex, request: ViewRequest): GraphView {
  const { graph } = whole
  const picture = request.isWhole ? graph : toOverview(graph)
  const index = createGraphIndex(picture)
  const cycles = findNodesInCycles(whole, request.types)
  const components = toTree(listDeclaredRoots(picture), index, {
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
  return { title, graph, picture, tree, hint: request.isWhole ? null : howToExpand }
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

/** Nodes that declare what they need and that nobody declares to need. */
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
