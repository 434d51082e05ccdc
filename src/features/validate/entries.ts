import { type JsonPath, toPointer } from '../../core/json/json-value.ts'
import { type EntryOf, entriesOf } from '../../core/snapshot.ts'
import type { Dashboard } from '../../schema/dashboard.ts'
import type { SubRegistryName } from '../../schema/names.ts'
import type { RuleContext } from './rule.ts'

type Snapshot = RuleContext['snapshot']

/** Sound entries of a sub-registry with their ids, in the order of the file. */
export function listEntries<Name extends SubRegistryName>(
  snapshot: Snapshot,
  name: Name,
): [id: string, entry: EntryOf<Name>][] {
  return Object.entries(entriesOf(snapshot, name))
}

type Sections = Dashboard['sections']
type DashboardTool = Sections['tools']['entries'][string]
type DashboardProvider = Sections['providers']['entries'][string]
type DashboardMetric = NonNullable<Sections['metrics']['system']>[string]

/** How tools and frameworks are shown, by id. */
export function listDashboardTools(snapshot: Snapshot): [id: string, entry: DashboardTool][] {
  return Object.entries(snapshot.registries.dashboard.content?.sections.tools.entries ?? {})
}

/** How providers are shown, by id. */
export function listDashboardProviders(snapshot: Snapshot): [id: string, entry: DashboardProvider][] {
  return Object.entries(snapshot.registries.dashboard.content?.sections.providers.entries ?? {})
}

/** How metrics are shown, with the group that each is in. */
export function listDashboardMetrics(
  snapshot: Snapshot,
): { group: 'system' | 'orchestrator'; id: string; metric: DashboardMetric }[] {
  const metrics = snapshot.registries.dashboard.content?.sections.metrics
  return (['system', 'orchestrator'] as const).flatMap(group =>
    Object.entries(metrics?.[group] ?? {}).map(([id, metric]) => ({ group, id, metric })),
  )
}

/** Sound edges of the dependency graph with their places in the file. */
export function listEdges(snapshot: Snapshot): { from: string; to: string; type: string; path: JsonPath }[] {
  const { content, quarantined } = snapshot.registries.hyper
  const edges = content?.dependency_graph.edges ?? []
  const broken = new Set(quarantined)
  const places = Array.from({ length: edges.length + broken.size }, (_, index) => [...edgesPath, index])
  const sound = places.filter(path => !broken.has(toPointer(path)))
  return edges.flatMap((edge, order) => {
    const path = sound[order]
    return path ? [{ ...edge, path }] : []
  })
}

const edgesPath: JsonPath = ['dependency_graph', 'edges']
