import { toShellWord } from '../lib/shell/quote.ts'
import {
  createGraphIndex,
  filterGraph,
  type Graph,
  type GraphEdge,
  type GraphEdgeType,
  type GraphIndex,
  type GraphNode,
  groupBy,
  registryOf,
  sortGraph,
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

const ofProvider = 'of '

/** More nodes of one registry than this make one group. */
const mostOfRegistry = 40

/**
 * The whole graph, collapsed so that it can be read: models by their provider, the dashboard by its sections, entries
 * that nothing needs and that need nothing by their registry.
 */
export function toOverview(graph: Graph): Graph {
  const index = createGraphIndex(graph)
  const groups = assignGroups(index)
  const nodeOf = (id: string) => groups.get(id)?.id ?? id
  const kept = graph.nodes.filter(node => !groups.has(node.id) && !isIdle(node, index))
  const ids = new Set([...kept.map(({ id }) => id), ...[...groups.values()].map(({ id }) => id)])
  const edges = graph.edges
    .map(edge => lift({ ...edge, from: nodeOf(edge.from), to: nodeOf(edge.to) }, edge))
    .filter(({ from, to }) => from !== to && ids.has(from) && ids.has(to))
  return sortGraph({ nodes: [...kept, ...groups.values()], edges, declared: graph.declared })
}

// What the dashboard shows is a whole registry, nearly always: one line instead of dozens.
function lift(edge: GraphEdge, { type, to }: GraphEdge): GraphEdge {
  const registry = to.slice(0, to.indexOf('/'))
  return type === 'shows' && registry !== 'dashboard' && registry !== '' ? { ...edge, to: registry } : edge
}

// A capability that nothing needs only repeats its tool.
function isIdle({ id, kind }: GraphNode, index: GraphIndex): boolean {
  return kind === 'capability' && index.to(id).length === 0
}

function assignGroups(index: GraphIndex): ReadonlyMap<string, GraphNode> {
  const byName = groupBy(index.graph.nodes, node => groupName(node, index) ?? '')
  const large = [...byName].filter(([name, nodes]) => name !== '' && nodes.length > 1)
  const groups = new Map(large.flatMap(([name, nodes]) => toMembers(name, nodes, index)))
  const rest = groupBy(
    index.graph.nodes.filter(({ id }) => !groups.has(id)),
    node => registryOf(node) ?? '',
  )
  for (const [registry, nodes] of rest) {
    if (registry === '' || nodes.length <= mostOfRegistry) continue
    for (const [id, group] of toMembers(`${registry}/all`, nodes, index)) groups.set(id, group)
  }
  return groups
}

function groupName(node: GraphNode, index: GraphIndex): string | undefined {
  const { id, kind } = node
  if (kind === 'model')
    return `models/${ofProvider}${index.from(id).find(({ type }) => type === 'requires')?.to}`
  if (kind === 'dashboard_entry' || kind === 'metric') return id.split('/').slice(0, 2).join('/')
  const registry = registryOf(node)
  return registry !== undefined && isLoose(id, index) ? `${registry}/others` : undefined
}

function isLoose(id: string, index: GraphIndex): boolean {
  const uses = index.to(id).filter(({ type }) => type !== 'shows')
  const isIdleUse = ({ from, type }: GraphEdge) => type === 'provided_by' && index.to(from).length === 0
  return index.from(id).length === 0 && uses.every(isIdleUse)
}

function toMembers(name: string, nodes: readonly GraphNode[], index: GraphIndex): [string, GraphNode][] {
  const registry = name.slice(0, name.indexOf('/'))
  const label = `${nodes.length} ${nameMembers(name, registry, nodes.length, index)}${countReady(nodes)}`
  const description = howToOpen(name, registry)
  const group: GraphNode = { id: name, kind: 'group', label, status: toCommonStatus(nodes), description }
  return nodes.map(({ id }) => [id, group])
}

function howToOpen(name: string, registry: string): string {
  const provider = name.slice(registry.length + 1 + ofProvider.length)
  const isOfProvider = registry === 'models' && provider.startsWith('providers/')
  return isOfProvider
    ? `nexus-registry graph ${toShellWord(provider)} --dependents`
    : `nexus-registry graph ${toShellWord(registry)}`
}

function nameMembers(name: string, registry: string, count: number, index: GraphIndex): string {
  const rest = name.slice(registry.length + 1)
  if (registry === 'dashboard') return rest
  const what = registry.replaceAll('_', ' ')
  if (rest.startsWith(ofProvider)) return `${what} of ${rest.slice(rest.indexOf('/') + 1)}`
  const all = index.graph.nodes.filter(node => registryOf(node) === registry).length
  return count < all ? `other ${what}` : what
}

// What the dashboard shows is shown, whether or not it is here.
function countReady(nodes: readonly GraphNode[]): string {
  if (nodes.every(({ kind }) => kind === 'dashboard_entry')) return ''
  const ready = nodes.filter(({ status }) => status === 'ready').length
  return nodes.every(({ status }) => status === null) ? '' : `, ${ready} ready`
}

function toCommonStatus(nodes: readonly GraphNode[]): GraphNode['status'] {
  const [status = null, ...others] = new Set(nodes.map(node => node.status))
  return others.length === 0 ? status : null
}
