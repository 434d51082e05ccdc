import { parseRequirement } from '../lib/version/versions.ts'
import { type DashboardItem, listDashboardItems, toDashboardRef } from '../registry/dashboard-items.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import { detectedRegistryNames } from '../registry/schema/names.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import type { GraphEdgeType } from './graph.ts'

/** An edge as the registries write it: `to` is a name that is still to be resolved. */
export interface NamedEdge {
  readonly from: string
  readonly to: string
  readonly type: GraphEdgeType
}

type Snapshots = Pick<Snapshot, 'registries'>

/** The edges of the hyper registry. Both ends are names. */
export function listDeclaredEdges({ registries }: Snapshots): NamedEdge[] {
  return [...(registries.hyper.content?.dependency_graph.edges ?? [])]
}

/** The edges that entries imply. Their beginnings are keys of nodes already. */
export function listImpliedEdges(snapshot: Snapshots): NamedEdge[] {
  return [
    ...modelEdges(snapshot),
    ...adapterEdges(snapshot),
    ...pluginEdges(snapshot),
    ...serviceEdges(snapshot),
    ...toolEdges(snapshot),
    ...capabilityEdges(snapshot),
    ...listDashboardItems(snapshot).flatMap(dashboardEdges),
  ]
}

function modelEdges(snapshot: Snapshots): NamedEdge[] {
  return Object.entries(entriesOf(snapshot, 'models')).map(([id, { provider }]) => ({
    from: toRef('models', id),
    to: toRef('providers', provider),
    type: 'requires',
  }))
}

function adapterEdges(snapshot: Snapshots): NamedEdge[] {
  return Object.entries(entriesOf(snapshot, 'adapters')).flatMap(([id, { provider, requires = [] }]) => {
    const own = provider === undefined ? [] : [toRef('providers', provider)]
    return toRequires(toRef('adapters', id), [...own, ...toNames(requires)])
  })
}

// What a plug-in calls is a tool, even where a plug-in has the same name: also when the tools may not be seen.
function pluginEdges(snapshot: Snapshots): NamedEdge[] {
  const tools: Readonly<Record<string, unknown>> = entriesOf(snapshot, 'tools')
  const plugins = entriesOf(snapshot, 'plugins')
  const isHidden = snapshot.registries.tools.state === 'hidden'
  const isTool = (name: string) => Object.hasOwn(tools, name) || (isHidden && Object.hasOwn(plugins, name))
  return Object.entries(plugins).flatMap(([id, { dependencies, requires = [] }]) => {
    const called = dependencies.map(name => (isTool(name) ? toRef('tools', name) : name))
    return toRequires(toRef('plugins', id), [...called, ...toNames(requires)])
  })
}

function serviceEdges(snapshot: Snapshots): NamedEdge[] {
  return Object.entries(entriesOf(snapshot, 'microservices')).flatMap(([id, { requires = [] }]) =>
    toRequires(toRef('microservices', id), toNames(requires)),
  )
}

function toolEdges(snapshot: Snapshots): NamedEdge[] {
  return Object.entries(entriesOf(snapshot, 'tools')).flatMap(([id, { dependency = [] }]) =>
    toRequires(toRef('tools', id), dependency),
  )
}

function capabilityEdges(snapshot: Snapshots): NamedEdge[] {
  return detectedRegistryNames.flatMap(registry => {
    const entries: Readonly<Record<string, Pick<Tool, 'provides'>>> = entriesOf(snapshot, registry)
    return Object.entries(entries).flatMap(([id, { provides = [] }]) =>
      provides.map(
        (capability): NamedEdge => ({ from: capability, to: toRef(registry, id), type: 'provided_by' }),
      ),
    )
  })
}

function dashboardEdges(item: DashboardItem): NamedEdge[] {
  const { ref, id, section, entry } = item
  if (section === 'tools') {
    const metrics = (entry.metrics ?? []).map(metric => toDashboardRef('metrics', metric))
    return [...toShows(ref, [id, ...metrics]), ...toRequires(ref, entry.dependency ?? [])]
  }
  if (section === 'providers') {
    const models = (entry.models_display ?? []).map(model => toRef('models', model))
    return toShows(ref, [toRef('providers', id), ...models])
  }
  return toRequires(ref, entry.source ? [toRef('microservices', entry.source.microservice)] : [])
}

function toNames(requires: readonly string[]): string[] {
  return requires.map(text => parseRequirement(text).name)
}

function toRequires(from: Ref | string, names: readonly string[]): NamedEdge[] {
  return names.map(to => ({ from, to, type: 'requires' }))
}

function toShows(from: string, names: readonly string[]): NamedEdge[] {
  return names.map(to => ({ from, to, type: 'shows' }))
}
