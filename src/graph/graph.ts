/**
 * What a node of the graph is. `missing`: something is named by it, but nothing is called so. `unseen`: something is named
 * by it that may stand in a registry which whoever asks may not see.
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

/** Whether something can be used here and now. */
export type Readiness = 'ready' | 'not ready' | 'unknown'

export interface GraphNode {
  /** The ref of an entry, the name of a registry, or the id of a capability or component. */
  readonly id: string
  readonly kind: NodeKind
  /** Name shown to people. */
  readonly label: string
  /** Null when nobody has looked. */
  readonly status: Readiness | null
  /** What it is, in a sentence; empty when nobody says so. */
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
