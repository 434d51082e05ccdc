import type { JsonPath } from '../lib/json/json-value.ts'
import type { Dashboard } from '../registry/schema/dashboard.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'
import type { EntryOf } from '../registry/snapshot.ts'
import type { Readable, ReadableEntries } from './readable.ts'
import type { RuleContext } from './rule.ts'

type Snapshot = RuleContext['snapshot']

/** Entries of a sub-registry with their ids, in the order of the file. What is broken in one is left out of it. */
export function listEntries<Name extends SubRegistryName>(
  { readable }: Snapshot,
  name: Name,
): [id: string, entry: Readable<EntryOf<Name>>][] {
  const contents: ReadableEntries = readable
  return listMembers(contents[name] ?? {})
}

type Sections = Dashboard['sections']
type DashboardTool = Readable<Sections['tools']['entries'][string]>
type DashboardProvider = Readable<Sections['providers']['entries'][string]>
type DashboardMetric = Readable<NonNullable<Sections['metrics']['system']>[string]>

/** How tools and frameworks are shown, by id. */
export function listDashboardTools({ readable }: Snapshot): [id: string, entry: DashboardTool][] {
  return listMembers(readable.dashboard?.sections?.tools?.entries ?? {})
}

/** How providers are shown, by id. */
export function listDashboardProviders({ readable }: Snapshot): [id: string, entry: DashboardProvider][] {
  return listMembers(readable.dashboard?.sections?.providers?.entries ?? {})
}

/** How metrics are shown, with the group that each is in. */
export function listDashboardMetrics({
  readable,
}: Snapshot): { group: 'system' | 'orchestrator'; id: string; metric: DashboardMetric }[] {
  const metrics = readable.dashboard?.sections?.metrics
  return (['system', 'orchestrator'] as const).flatMap(group =>
    listMembers(metrics?.[group] ?? {}).map(([id, metric]) => ({ group, id, metric })),
  )
}

/** An edge of the dependency graph and its place in the file; what is broken in it is left out. */
export interface ListedEdge {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly type: string | undefined
  readonly path: JsonPath
}

/** Edges of the dependency graph with their places in the file. */
export function listEdges({ readable }: Snapshot): ListedEdge[] {
  const edges = readable.hyper?.dependency_graph?.edges ?? []
  return edges.map((edge, index) => ({
    from: edge?.from,
    to: edge?.to,
    type: edge?.type,
    path: ['dependency_graph', 'edges', index],
  }))
}

/** Items of a list that are not broken, with their places in it. */
export function listItems<Item>(
  items: readonly (Item | undefined)[] = [],
): { readonly item: Item; readonly index: number }[] {
  return items.flatMap((item, index) => (item === undefined ? [] : [{ item, index }]))
}

function listMembers<Member>(
  members: Readonly<Record<string, Member | undefined>>,
): [key: string, member: Member][] {
  return Object.entries(members).flatMap(([key, member]): [string, Member][] =>
    member === undefined ? [] : [[key, member]],
  )
}
