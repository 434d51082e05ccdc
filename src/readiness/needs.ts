import type { GraphEdge, GraphIndex, GraphNode, Readiness } from '../graph/graph.ts'
import { detectedRegistryNames, type RegistryName } from '../registry/schema/names.ts'
import type { ReadinessCondition } from './readiness.ts'

const order = ['ready', 'unknown', 'not ready'] as const satisfies readonly Readiness[]

/**
 * The readiness of each node: the worst of its own condition and the best option of each of its needs. Things that need
 * each other in a cycle are ready when nothing else blocks them.
 */
export function evaluateNeeds(
  ids: readonly string[],
  conditionOf: (id: string) => ReadinessCondition,
  needsOf: Needs,
): ReadonlyMap<string, Readiness> {
  const statuses = new Map<string, Readiness>(ids.map(id => [id, conditionOf(id).status]))
  const users = indexUsers(ids, needsOf)
  // Statuses only get worse, so this ends: each node is evaluated again at most twice for each of its needs.
  // A set, so that a node waits only once: a capability may have a hundred thousand providers.
  const waiting = new Set(ids)
  for (const id of waiting) {
    waiting.delete(id)
    const before = statuses.get(id) ?? 'ready'
    const now = needsOf(id).reduce((worst, need) => worse(worst, bestOf(need, statuses)), before)
    if (now === before) continue
    statuses.set(id, now)
    for (const user of users.get(id) ?? []) waiting.add(user)
  }
  return statuses
}

/** The readiness of the best option of a need. A need without options is not ready. */
export function bestOf({ options }: Need, statuses: ReadonlyMap<string, Readiness>): Readiness {
  let best: Readiness = 'not ready'
  for (const id of options) {
    best = better(best, statuses.get(id) ?? 'ready')
    if (best === 'ready') return best
  }
  return best
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

function worse(left: Readiness, right: Readiness): Readiness {
  return order.indexOf(left) > order.indexOf(right) ? left : right
}

function better(left: Readiness, right: Readiness): Readiness {
  return order.indexOf(left) < order.indexOf(right) ? left : right
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

/**
 * What each node needs: what it requires. A capability needs any one of its providers. A model also needs an adapter for
 * its provider, and a service with such an adapter. Where any option is enough, a hidden registry is an option too.
 */
export function createNeeds(index: GraphIndex, isHidden: IsHidden = () => false): Needs {
  const view: View = {
    index,
    isHidden,
    providersOf: memoize(capability => new Set(endsOf(capability, 'provided_by', index))),
    universalAdapters: listUniversalAdapters(index),
  }
  // Thousands of models share a provider, and so its needs.
  const providerNeeds = memoize(provider => listProviderNeeds(provider, view))
  return memoize(id => listNeeds(id, view, providerNeeds))
}

type IsHidden = (registry: RegistryName) => boolean

interface View {
  readonly index: GraphIndex
  readonly isHidden: IsHidden
  readonly providersOf: (capability: string) => ReadonlySet<string>
  readonly universalAdapters: readonly string[]
}

function memoize<T>(find: (id: string) => T): (id: string) => T {
  const known = new Map<string, T>()
  return id => {
    const found = known.get(id) ?? find(id)
    known.set(id, found)
    return found
  }
}

function listNeeds(id: string, view: View, providerNeeds: Needs): Need[] {
  const { index } = view
  const node = index.node(id)
  if (node?.kind === 'capability') {
    const provided = endsOf(id, 'provided_by', index)
    return [toChoice(provided, 'provides it', detectedRegistryNames.filter(view.isHidden))]
  }
  // A provider of a capability does not need that capability from others.
  const required = endsOf(id, 'requires', index).filter(to => !view.providersOf(to).has(id))
  const own = required.map(to => ({ options: [to], what: 'is required' }))
  return node?.kind === 'model' ? [...own, ...required.filter(isProvider).flatMap(providerNeeds)] : own
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
