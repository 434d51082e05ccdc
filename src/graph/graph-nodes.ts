import { isJsonObject } from '../lib/json/json-value.ts'
import { entryIds } from '../registry/components/components.ts'
import { listDashboardItems } from '../registry/dashboard-items.ts'
import { toRef } from '../registry/refs.ts'
import {
  detectedRegistryNames,
  registryFiles,
  registryNames,
  type SubRegistryName,
  subRegistryNames,
} from '../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import type { GraphNode, NodeKind } from './graph.ts'

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
export function listGraphNodes(snapshot: Snapshots): GraphNode[] {
  return [
    ...componentNodes(snapshot),
    ...capabilityNodes(snapshot),
    ...registryNodes(snapshot),
    ...subRegistryNames.flatMap(registry => entryNodes(snapshot, registry)),
    ...dashboardNodes(snapshot),
  ]
}

/** A node that is known by its id alone. */
export function toPlainNode(id: string, kind: NodeKind): GraphNode {
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
