/** A graph with an index for walks. */
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

/**
 * What a node of the graph is. `missing`: something is named by it, but nothing is called so. `unseen`: something is named
 * by it that may be in a registry which the caller may not read.
 */
export const nodeKinds = [
  'registry',
  'component',
  'capability',
  'tool',
  'provider',
  'model',
  'plugin',
  'microservice',
  'adapter',
  'ml_framework',
  'dashboard_entry',
  'metric',
  'group',
  'missing',
  'unseen',
] as const

export type NodeKind = (typeof nodeKinds)[number]

/**
 * Kinds of edges: requires (cannot work without it), references (reads or names it), provided_by (any one of them is
 * enough), shows (of the dashboard).
 */
export const graphEdgeTypes = ['requires', 'references', 'provided_by', 'shows'] as const

export type GraphEdgeType = (typeof graphEdgeTypes)[number]

/**
 * Whether something can be used here and now. `not set up`: it was never installed, configured or seen here, which is
 * no problem. `unknown`: it could not be determined.
 */
export const readinessWords = ['ready', 'not ready', 'not set up', 'unknown'] as const

export type Readiness = (typeof readinessWords)[number]

export interface GraphNode {
  /** The ref of an entry, the name of a registry, or the id of a capability or component. */
  readonly id: string
  readonly kind: NodeKind
  /** Name shown to people. */
  readonly label: string
  /** Null when it was not evaluated. */
  readonly status: Readiness | null
  /** A sentence; empty without a description. */
  readonly description: string
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly type: GraphEdgeType
}

/** Nodes by id, edges by both ends and type: each once, and sorted. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Pairs `from\0to` that the hyper registry itself declares. */
  readonly declared: ReadonlySet<string>
}

/** Key of the link between two nodes in `declared`. */
export function toLinkKey({ from, to }: Pick<GraphEdge, 'from' | 'to'>): string {
  return `${from}\0${to}`
}

const nodesOfNoRegistry: readonly NodeKind[] = ['registry', 'component', 'capability', 'missing', 'unseen']

/** Whether a node is only named, and nothing is known of it. */
export function isOnlyNamed({ kind }: Pick<GraphNode, 'kind'>): boolean {
  return kind === 'missing' || kind === 'unseen'
}

/** Name of the registry that a node is an entry of; undefined for registries, capabilities and components. */
export function registryOf({ id, kind }: Pick<GraphNode, 'id' | 'kind'>): string | undefined {
  return nodesOfNoRegistry.includes(kind) ? undefined : id.slice(0, id.indexOf('/'))
}

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

/** One line of a tree, and what is below it. */
export interface TreeItem {
  readonly node: GraphNode
  /** What it is called at this place. */
  readonly name: string
  /** What else it needs or shows, in words; empty when nothing was folded into this line. */
  readonly note: string
  /** repeated: what is below it stands further up; cycle: it is above itself; more: it goes on. */
  readonly mark: 'repeated' | 'cycle' | 'more' | null
  /** How the line above leads here, where it is worth saying. */
  readonly via?: GraphEdgeType
  readonly items: readonly TreeItem[]
}

/** A view of a graph: as data, as a diagram, as a tree. */
export interface GraphView {
  /** What is shown, in a few words. */
  readonly title: string
  /** Everything, for programs. */
  readonly graph: Graph
  /** The graph of a diagram: the same, or folded so that it is readable. */
  readonly diagram: Graph
  readonly tree: readonly TreeItem[]
  /** How to see what was folded or collapsed, a sentence; null when nothing was. */
  readonly hint: string | null
}
