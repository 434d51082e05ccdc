import type { GraphEdge, GraphIndex, GraphNode, NodeKind, Readiness } from '../graph/graph.ts'
import { findCycleGroups } from '../lib/find-cycles.ts'
import { detectedRegistryNames, type RegistryName } from '../registry/schema/names.ts'
import type { ReadinessCondition } from './readiness.ts'

/** What the readiness of nodes follows from. */
export interface NeedsRequest {
  /** The readiness of a node by itself. */
  readonly conditionOf: (id: string) => ReadinessCondition
  readonly needsOf: Needs
  /** Whether a need that is not set up makes the node not ready. For other nodes it is neutral. */
  readonly isStrict: (id: string) => boolean
}

/**
 * The readiness of each node: the worst of its own condition and the best option of each of its needs. Things that need
 * each other in a cycle are ready when nothing else blocks them.
 */
export function evaluateNeeds(ids: readonly string[], request: NeedsRequest): ReadonlyMap<string, Readiness> {
  const { needsOf } = request
  const statuses = new Map<string, Readiness>()
  const links = ids.flatMap(from => listOptions(from, needsOf).map(to => ({ from, to })))
  const groups = new Map(findCycleGroups(links).flatMap(group => group.map(id => [id, group] as const)))
  /** What has to be evaluated before the members of a group, or before a single node. */
  const listOpen = (members: readonly string[], group: readonly string[] | undefined) =>
    members
      .flatMap(member => listOptions(member, needsOf))
      .filter(id => !statuses.has(id) && (group === undefined || groups.get(id) !== group))
  // A stack, so that a chain of any length takes no recursion.
  const stack = [...ids].reverse()
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    const group = groups.get(id)
    const members = group ?? [id]
    const open = statuses.has(id) ? [] : listOpen(members, group)
    for (const each of open) stack.push(each)
    if (open.length > 0) continue
    stack.pop()
    if (!statuses.has(id)) evaluateTogether(members, statuses, request)
  }
  return statuses
}

function listOptions(id: string, needsOf: Needs): string[] {
  return needsOf(id).flatMap(({ options }) => options)
}

/** Evaluates nodes of one cycle, or a single node. All else that they need has been evaluated. */
function evaluateTogether(
  members: readonly string[],
  statuses: Map<string, Readiness>,
  request: NeedsRequest,
): void {
  const users = indexUsers(members, request.needsOf)
  const waiting = new Set(members)
  // Each evaluation that changes a member has others evaluated again. In a cycle that could go on.
  let left = members.length * maxRounds
  for (const id of waiting) {
    waiting.delete(id)
    const now = evaluateNode(id, statuses, request)
    const isChanged = now !== (statuses.get(id) ?? 'ready')
    statuses.set(id, now)
    left -= 1
    if (isChanged && left > 0) for (const user of users.get(id) ?? []) waiting.add(user)
  }
}

const maxRounds = 8

function evaluateNode(
  id: string,
  statuses: ReadonlyMap<string, Readiness>,
  { conditionOf, needsOf, isStrict }: NeedsRequest,
): Readiness {
  const own = conditionOf(id).status
  if (own === 'not set up') return own
  const needs = needsOf(id).map(need => bestOf(need, statuses))
  if (isStrict(id)) {
    if (own !== 'ready') return own
    return worstOf(needs.map(status => (status === 'not set up' ? 'not ready' : status)))
  }
  return worstOf(own === 'ready' ? needs : [own, ...needs])
}

/** The worst first. What is not set up counts only when everything is. */
const worstFirst = ['not ready', 'unknown', 'ready', 'not set up'] as const satisfies readonly Readiness[]
const bestFirst = ['ready', 'unknown', 'not ready', 'not set up'] as const satisfies readonly Readiness[]

/** The worst of several; ready when there are none. */
export function worstOf(statuses: readonly Readiness[]): Readiness {
  return worstFirst.find(status => statuses.includes(status)) ?? 'ready'
}

/** The readiness of the best option of a need. A need without options is not ready. */
export function bestOf({ options }: Need, statuses: ReadonlyMap<string, Readiness>): Readiness {
  const found = new Set<Readiness>()
  for (const id of options) {
    const status = statuses.get(id) ?? 'ready'
    if (status === 'ready') return status
    found.add(status)
  }
  return bestFirst.find(status => found.has(status)) ?? 'not ready'
}

/** The nodes that have each node among their options. */
export function indexUsers(ids: readonly string[], needsOf: Needs): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>()
  for (const id of ids) {
    for (const option of needsOf(id).flatMap(({ options }) => options)) {
      const known = users.get(option)
      if (known) known.push(id)
      else users.set(option, [id])
    }
  }
  return users
}

/** Options of which one is enough. */
export interface Need {
  readonly options: readonly string[]
  /** What the options do, in a few words. */
  readonly what: string
  /** Hidden registries among the options: an entry in them may be enough. */
  readonly unseen?: readonly string[]
}

/** What a node needs to be usable. */
export type Needs = (id: string) => readonly Need[]

/** What each node of a graph needs. */
export interface GraphNeeds {
  /** What its readiness follows from. */
  readonly needsOf: Needs
  /** What a model needs for its path through the platform, besides itself: an adapter, and a service that has one. */
  readonly platformNeedsOf: Needs
  /** All that it needs, requires or shows, in any sense. */
  readonly usesOf: Needs
  readonly isStrict: (id: string) => boolean
}

// These are what they are, whatever else is here.
const independentKinds: readonly NodeKind[] = ['tool', 'ml_framework', 'provider', 'microservice']
const strictKinds: readonly NodeKind[] = ['adapter', 'plugin']

/**
 * What nodes need: what they require, and for the dashboard what it shows. A capability needs any one of its providers.
 * Where any option is enough, a hidden registry is an option too.
 */
export function createNeeds(index: GraphIndex, isHidden: IsHidden = () => false): GraphNeeds {
  const view: View = {
    index,
    isHidden,
    providersOf: memoize(capability => new Set(endsOf(capability, 'provided_by', index))),
    universalAdapters: listUniversalAdapters(index),
  }
  // Thousands of models share a provider, and so its needs.
  const providerNeeds = memoize(provider => listProviderNeeds(provider, view))
  const isOfKind = (id: string, kinds: readonly NodeKind[]) => kinds.some(kind => kind === kindOf(id, index))
  const requiredBy = memoize(id => listNeeds(id, view))
  const platformNeedsOf: Needs = id => {
    if (kindOf(id, index) !== 'model') return []
    return endsOf(id, 'requires', index).filter(isProvider).flatMap(providerNeeds)
  }
  return {
    needsOf: id => (isOfKind(id, independentKinds) ? [] : requiredBy(id)),
    platformNeedsOf,
    usesOf: memoize(id => [...requiredBy(id), ...platformNeedsOf(id)]),
    isStrict: id => isOfKind(id, strictKinds),
  }
}

type IsHidden = (registry: RegistryName) => boolean

interface View {
  readonly index: GraphIndex
  readonly isHidden: IsHidden
  readonly providersOf: (capability: string) => ReadonlySet<string>
  readonly universalAdapters: readonly string[]
}

function memoize<Value>(find: (id: string) => Value): (id: string) => Value {
  const known = new Map<string, Value>()
  return id => {
    const found = known.get(id) ?? find(id)
    known.set(id, found)
    return found
  }
}

function listNeeds(id: string, view: View): Need[] {
  const { index } = view
  if (kindOf(id, index) === 'capability') {
    const provided = endsOf(id, 'provided_by', index)
    return [toChoice(provided, 'provides it', detectedRegistryNames.filter(view.isHidden))]
  }
  // A provider of a capability does not need that capability from others.
  const required = endsOf(id, 'requires', index).filter(to => !view.providersOf(to).has(id))
  return [...required, ...endsOf(id, 'shows', index)].map(to => ({ options: [to], what: 'is required' }))
}

/** What the models of a provider need besides the provider. */
function listProviderNeeds(provider: string, { index, isHidden, universalAdapters }: View): Need[] {
  const adapters = listAdapters(provider, index)
  const services = [...new Set(adapters.flatMap(adapter => listDrivers(adapter, index)))].sort()
  const all = [...adapters, ...universalAdapters]
  // The hyper registry may declare which service has which adapter.
  const unseen = (['adapters', 'microservices', 'hyper'] as const).filter(isHidden)
  const needs = [
    toChoice(all, 'speaks to its provider', unseen.filter(isOther('microservices'))),
    toChoice(services, 'has adapters of its provider', unseen),
  ]
  return needs.filter(({ options }) => options.length > 0)
}

function isOther(name: string): (other: string) => boolean {
  return other => other !== name
}

function toChoice(options: readonly string[], what: string, unseen: readonly RegistryName[]): Need {
  return unseen.length === 0 ? { options, what } : { options: [...options, ...unseen], what, unseen }
}

function listAdapters(provider: string, index: GraphIndex): string[] {
  return index
    .to(provider)
    .filter(({ from, type }) => type === 'requires' && kindOf(from, index) === 'adapter')
    .map(({ from }) => from)
}

// An adapter without a provider speaks to all of them.
function listUniversalAdapters(index: GraphIndex): string[] {
  return index.graph.nodes
    .filter(({ kind, id }) => kind === 'adapter' && !endsOf(id, 'requires', index).some(isProvider))
    .map(({ id }) => id)
}

function isProvider(id: string): boolean {
  return id.startsWith('providers/')
}

/** The services that have an adapter, directly or through a component of several adapters. */
function listDrivers(adapter: string, index: GraphIndex): string[] {
  const seen = new Set([adapter])
  const drivers: string[] = []
  for (const id of seen) {
    for (const { from } of index.to(id).filter(isUse)) {
      const kind = kindOf(from, index)
      if (kind === 'microservice') drivers.push(from)
      if (kind === 'component') seen.add(from)
    }
  }
  return drivers
}

function isUse({ type }: GraphEdge): boolean {
  return type === 'requires' || type === 'references'
}

function kindOf(id: string, index: GraphIndex): GraphNode['kind'] | undefined {
  return index.node(id)?.kind
}

function endsOf(id: string, type: GraphEdge['type'], index: GraphIndex): string[] {
  return index
    .from(id)
    .filter(edge => edge.type === type)
    .map(({ to }) => to)
}
