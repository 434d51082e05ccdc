import type { CatalogHost } from '../catalog/catalog.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import {
  type Components,
  createComponents,
  entryIds,
  toComponentKey,
} from '../registry/components/components.ts'
import { listDashboardItems } from '../registry/dashboard-items.ts'
import { type EntryNames, indexEntryNames } from '../registry/entry-names.ts'
import type { LoadHost } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { withLocalModels, withRequestedModel } from '../registry/local-models.ts'
import { toRef } from '../registry/refs.ts'
import {
  detectedRegistryNames,
  registryFiles,
  registryNames,
  type SubRegistryName,
  subRegistryNames,
} from '../registry/schema/names.ts'
import { entriesOf, listLoadProblems, mayBeHidden, type Snapshot } from '../registry/snapshot.ts'
import { explainAmbiguousName, explainUnknownName } from '../registry/unknown-name.ts'
import {
  type Graph,
  type GraphEdge,
  type GraphNode,
  isOnlyNamed,
  type NodeKind,
  sortGraph,
  toLinkKey,
} from './graph.ts'
import { listDeclaredEdges, listImpliedEdges, type NamedEdge } from './graph-edges.ts'

export interface LoadedGraph {
  /** With the models of local runtimes. */
  readonly snapshot: Snapshot
  readonly graph: Graph
  /** Sentences about what could not be read, why, and what replaces it. */
  readonly warnings: readonly string[]
}

/** Reads a home and the graph in it. Broken parts become warnings, and the graph has the rest. */
export async function loadGraph(directory: string, host: LoadHost): Promise<LoadedGraph> {
  return toLoadedGraph(await loadSnapshot(directory, host), host.clock.now())
}

/** The graph of a snapshot, of which some may be hidden. `now` is milliseconds since 1970. */
export function toLoadedGraph(files: Snapshot, now: number): LoadedGraph {
  const snapshot = withLocalModels(files)
  const registries = registryNames.map(name => snapshot.registries[name])
  return { snapshot, graph: createGraph(snapshot), warnings: listLoadProblems(registries, now) }
}

/**
 * Reads the dependency graph out of a snapshot: components, registries, entries and capabilities, with the edges that
 * the hyper registry declares and those that entries imply. A name without an entry becomes a `missing` node, or an
 * `unseen` one when it may be in a hidden registry.
 */
export function createGraph(snapshot: Pick<Snapshot, 'registries'>): Graph {
  const components = createComponents(snapshot)
  const own = listGraphNodes(snapshot)
  const known = new Set(own.map(({ id }) => id))
  const toKey = (name: string) => toNodeKey(name, known, components)
  const declared = listDeclaredEdges(snapshot).map(edge => ({
    ...edge,
    from: toKey(edge.from),
    to: toKey(edge.to),
  }))
  const implied = listImpliedEdges(snapshot).map(edge => ({ ...edge, to: toKey(edge.to) }))
  const edges = [...declared, ...implied]
  return sortGraph({
    nodes: [...namedNodes({ edges, known, components }, snapshot), ...own],
    edges,
    declared: new Set(declared.map(toLinkKey)),
  })
}

/** Key of the node that a name means; the name itself when it means none. */
function toNodeKey(name: string, known: ReadonlySet<string>, components: Components): string {
  // Refs of the dashboard are no components.
  if (name.startsWith('dashboard/') && known.has(name)) return name
  const component = components.resolve(name)
  return component ? toComponentKey(component) : name
}

// A name that only versions or a broken node have is a component; a name that nothing has is missing. With hidden registries
// either is unseen.
function namedNodes(
  { edges, known, components }: Naming,
  snapshot: Pick<Snapshot, 'registries'>,
): GraphNode[] {
  const named = edges.flatMap(({ from, to }) => [from, to]).filter(id => !known.has(id))
  return [...new Set(named)].map(id => {
    if (mayBeHidden(id, snapshot)) return toPlainNode(id, 'unseen')
    return toPlainNode(id, components.resolve(id)?.kind === 'declared' ? 'component' : 'missing')
  })
}

interface Naming {
  readonly edges: readonly (GraphEdge | NamedEdge)[]
  readonly known: ReadonlySet<string>
  readonly components: Components
}

type Snapshots = Pick<Snapshot, 'registries'>

const entryKinds = {
  tools: 'tool',
  providers: 'provider',
  models: 'model',
  plugins: 'plugin',
  microservices: 'microservice',
  adapters: 'adapter',
  ml_frameworks: 'ml_framework',
} as const satisfies Record<SubRegistryName, NodeKind>

/** The nodes that a snapshot has by itself: registries, entries (broken ones too), capabilities, components. */
function listGraphNodes(snapshot: Snapshots): GraphNode[] {
  return [
    ...componentNodes(snapshot),
    ...capabilityNodes(snapshot),
    ...registryNodes(snapshot),
    ...subRegistryNames.flatMap(registry => entryNodes(snapshot, registry)),
    ...dashboardNodes(snapshot),
  ]
}

/** A node that is known by its id alone. */
function toPlainNode(id: string, kind: NodeKind): GraphNode {
  return { id, kind, label: id, status: null, description: '' }
}

function registryNodes({ registries }: Snapshots): GraphNode[] {
  const { hyper, dashboard } = registries
  return registryNames.map(name => {
    const isDocument = name === 'hyper' || name === 'dashboard'
    const own = { hyper: hyper.content?.name, dashboard: dashboard.content?.description }
    const description = isDocument ? own[name] : hyper.content?.sub_registries[name]?.description
    const label = registryFiles[name].slice(0, -'.json'.length)
    return { id: name, kind: 'registry', label, status: null, description: description ?? '' }
  })
}

function entryNodes(snapshot: Snapshots, registry: SubRegistryName): GraphNode[] {
  const entries: Readonly<Record<string, unknown>> = entriesOf(snapshot, registry)
  return entryIds(snapshot, registry).map(id => {
    const entry = Object.hasOwn(entries, id) ? entries[id] : undefined
    return describe(toPlainNode(toRef(registry, id), entryKinds[registry]), id, entry)
  })
}

function dashboardNodes(snapshot: Snapshots): GraphNode[] {
  return listDashboardItems(snapshot).map(({ ref, id, section, entry }) =>
    describe(toPlainNode(ref, section === 'metrics' ? 'metric' : 'dashboard_entry'), id, entry),
  )
}

function capabilityNodes(snapshot: Snapshots): GraphNode[] {
  const provided = detectedRegistryNames.flatMap(registry =>
    Object.values(entriesOf(snapshot, registry)).flatMap(({ provides = [] }) => provides),
  )
  return provided.map(id => toPlainNode(id, 'capability'))
}

function componentNodes({ registries }: Snapshots): GraphNode[] {
  const nodes = registries.hyper.content?.dependency_graph.nodes ?? []
  return nodes.map(node => describe(toPlainNode(node.id, 'component'), node.id, node))
}

function describe(node: GraphNode, id: string, entry: unknown): GraphNode {
  const texts = isJsonObject(entry) ? entry : {}
  const label = [texts.display_name, texts.name, texts.label, id].find(text => typeof text === 'string')
  const { description } = texts
  return {
    ...node,
    label: typeof label === 'string' ? label : id,
    description: typeof description === 'string' ? description : '',
  }
}

/**
 * The node that a ref, an id, a registry's name or another name of an entry means. Throws a NexusError('usage') that
 * names the nearest, or all that it means.
 */
export function findNode(name: string, graph: Graph, snapshot: Pick<Snapshot, 'registries'>): GraphNode {
  const names = indexEntryNames(snapshot.registries)
  const components = createComponents(snapshot)
  const found = findNamedNode(name, graph, { names, components })
  if (found) return found
  const all = [...components.names, ...names.names, ...graph.nodes.map(({ id }) => id)]
  throw explainUnknownName(name, all, snapshot)
}

/** The graph with a node for a model of a local runtime that a name means, and that is not installed. */
export function withRequestedNode(name: string, loaded: LoadedGraph): LoadedGraph {
  const snapshot = withRequestedModel(name, loaded.snapshot)
  // Few names mean such a model: only for those it is checked whether an entry has the name.
  if (snapshot === loaded.snapshot) return loaded
  if (indexEntryNames(loaded.snapshot.registries).find(name).kind !== 'unknown') return loaded
  return { ...loaded, snapshot, graph: createGraph(snapshot) }
}

/** A graph, and the node that a name means in it. */
export interface NamedNode extends LoadedGraph {
  readonly node: GraphNode
}

/** Like `findNode`, in a graph to which a known thing is added when only the catalog has the name. */
export async function findKnownNode(
  name: string,
  loaded: LoadedGraph,
  host: CatalogHost,
): Promise<NamedNode> {
  const { graph, snapshot } = loaded
  const index = { names: indexEntryNames(snapshot.registries), components: createComponents(snapshot) }
  const own = findNamedNode(name, graph, index)
  if (own) return { ...loaded, node: own }
  const { withKnownEntry } = await import('../catalog/with-known-entry.ts')
  const known = await withKnownEntry(name, snapshot, host)
  if (known === undefined) return { ...loaded, node: findNode(name, graph, snapshot) }
  const extended = known.isAdded ? createGraph(known.snapshot) : graph
  return {
    ...loaded,
    graph: extended,
    snapshot: known.snapshot,
    node: findNode(known.ref, extended, known.snapshot),
  }
}

interface NodeNames {
  readonly names: EntryNames
  readonly components: Components
}

function findNamedNode(name: string, graph: Graph, { names, components }: NodeNames): GraphNode | undefined {
  const wanted = findNodeId(name, names, components)
  const found = graph.nodes.find(({ id }) => id === wanted) ?? findShown(name, graph)
  return found && !isOnlyNamed(found) ? found : undefined
}

// What is called exactly so comes before other names of entries.
function findNodeId(name: string, names: EntryNames, components: Components): string {
  const component = components.resolve(name)
  const exact = names.findExact(name)
  if (component?.kind === 'registry') return component.name
  if (exact.kind === 'entry') return exact.entry.ref
  if (component !== undefined && component.kind !== 'entry') return component.id
  const match = names.find(name)
  if (match.kind === 'ambiguous') throw explainAmbiguousName(name, match.refs)
  return match.kind === 'entry' ? match.entry.ref : name
}

// `dashboard/docker` is enough where only one section has it.
function findShown(name: string, { nodes }: Graph): GraphNode | undefined {
  const [registry, id] = [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)]
  const shown = nodes.filter(
    node => node.id.startsWith('dashboard/') && node.id.split('/').slice(2).join('/') === id,
  )
  return shown.length === 1 && (registry === 'dashboard' || name === id) ? shown[0] : undefined
}
