import {
  filterGraph,
  type Graph,
  type GraphEdge,
  type GraphEdgeType,
  type GraphIndex,
  type GraphNode,
  groupBy,
  registryOf,
} from './graph.ts'

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

interface ReachOptions {
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
