import type { JsonPath } from '../lib/json/json-value.ts'
import { parseRequirement } from '../lib/version/versions.ts'
import { parseRef } from '../registry/refs.ts'
import type { Dashboard } from '../registry/schema/dashboard.ts'
import { registryFiles, type SubRegistryName } from '../registry/schema/names.ts'
import type { EntryOf } from '../registry/snapshot.ts'
import type { Readable, ReadableEntries } from './readable.ts'
import type { RuleContext, Violation } from './rule.ts'

/** A place in a registry that names something else. */
export interface Reference extends Pick<Violation, 'registry' | 'path'> {
  readonly name: string
}

/** References to entries of one registry that it does not have. */
export function findUnknown(
  references: readonly Reference[],
  target: SubRegistryName,
  context: RuleContext,
): Violation[] {
  return references
    .filter(({ name }) => !context.known.mayExist(target, name))
    .map(({ name, registry, path }) => ({
      registry,
      path,
      message: `there is no ${nouns[target]} ${JSON.stringify(name)}`,
      hint:
        context.suggest(name, context.known.ids(target)) ??
        `Add it to ${registryFiles[target]}, or remove it here`,
    }))
}

/** References to components that nothing is called by. Silent when a registry that could not be read may have them. */
export function findUnresolved(references: readonly Reference[], context: RuleContext): Violation[] {
  const { components, known } = context
  return references
    .filter(({ name }) => components.resolve(name) === undefined && !isExcused(name))
    .map(({ name, registry, path }) => ({
      registry,
      path,
      message: `nothing is called ${JSON.stringify(name)}`,
      hint:
        context.suggest(name, components.names) ??
        'Name an entry, a registry, something that a tool provides, or a node of the dependency graph',
    }))

  function isExcused(name: string): boolean {
    if (components.isComplete) return false
    const ref = parseRef(name)
    // A ref says which registry it means: it is excused only when that one could not be read.
    if (!ref || ref.registry === 'hyper' || ref.registry === 'dashboard') return true
    return known.mayExist(ref.registry, ref.id)
  }
}

interface Requirement extends Reference {
  readonly registry: 'plugins' | 'microservices' | 'adapters'
  /** Id of the entry that requires. */
  readonly id: string
}

/** What plug-ins, services and adapters require. */
export function listRequirements(snapshot: RuleContext['snapshot']): Requirement[] {
  return [
    ...toRequirements('plugins', listReadEntries(snapshot, 'plugins')),
    ...toRequirements('microservices', listReadEntries(snapshot, 'microservices')),
    ...toRequirements('adapters', listReadEntries(snapshot, 'adapters')),
  ]
}

function toRequirements(
  registry: Requirement['registry'],
  entries: readonly [
    id: string,
    entry: { readonly requires?: readonly (string | undefined)[] | undefined },
  ][],
): Requirement[] {
  return entries.flatMap(([id, { requires }]) =>
    listItems(requires).map(({ item: text, index }) => {
      const { name } = parseRequirement(text)
      return { registry, id, path: [id, 'requires', index], name }
    }),
  )
}

/** Models that the cards of providers name. */
export function listDisplayedModels(snapshot: RuleContext['snapshot']): Reference[] {
  return listDashboardProviders(snapshot).flatMap(([id, { models_display: models }]) =>
    listItems(models).map(({ item: name, index }) => ({
      registry: 'dashboard',
      path: ['sections', 'providers', 'entries', id, 'models_display', index],
      name,
    })),
  )
}

/** What one entry of a registry is called. */
const nouns: Readonly<Record<SubRegistryName, string>> = {
  tools: 'tool',
  providers: 'provider',
  models: 'model',
  plugins: 'plug-in',
  microservices: 'service',
  adapters: 'adapter',
  ml_frameworks: 'ML framework',
}

type Snapshot = RuleContext['snapshot']

/** Entries of a sub-registry with their ids, in the order of the file. What is broken in one is left out of it. */
export function listReadEntries<Name extends SubRegistryName>(
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
interface ListedEdge {
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
