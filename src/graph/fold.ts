import { type GraphEdge, type GraphEdgeType, type GraphNode, registryOf } from './graph.ts'
import { type GraphIndex, groupBy } from './graph-index.ts'

const verbs = {
  requires: 'needs',
  references: 'refers to',
  provided_by: 'provided by',
  shows: 'shows',
} as const satisfies Record<GraphEdgeType, string>

/** More of one registry than this are counted, not named. */
const mostNamed = 3

/** Edges of one node in a few words: `needs git, jq; refers to 7 adapters`. */
export function fold(edges: readonly GraphEdge[], index: GraphIndex): string {
  return [...groupBy(edges, ({ type }) => type)]
    .map(([type, group]) => `${verbOf(type)} ${nameEnds(group, index)}`)
    .join('; ')
}

function verbOf(type: string): string {
  return Object.entries(verbs).find(([name]) => name === type)?.[1] ?? type
}

function nameEnds(edges: readonly GraphEdge[], index: GraphIndex): string {
  const ends = edges.flatMap(({ to }) => index.node(to) ?? [])
  const isAlternative = edges.every(({ type }) => type === 'provided_by')
  return [...groupBy(ends, ({ id, kind }) => registryOf({ id, kind }) ?? id)]
    .flatMap(([registry, nodes]) => nameNodes(registry, nodes))
    .join(isAlternative ? ' or ' : ', ')
}

function nameNodes(registry: string, nodes: readonly GraphNode[]): string[] {
  return nodes.length > mostNamed ? [`${nodes.length} ${registry}`] : nodes.map(toName)
}

/** What a node is called among others: the id without its registry, and registries by their files, as section 4 of the specification does. */
export function toName({ id, kind, label }: GraphNode): string {
  if (kind === 'registry') return label
  if (kind === 'group') return label
  const isEntry = registryOf({ id, kind }) !== undefined && kind !== 'dashboard_entry' && kind !== 'metric'
  return isEntry ? id.slice(id.indexOf('/') + 1) : id
}
