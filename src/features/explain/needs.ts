import type { GraphEdge, GraphNode } from '../../core/graph/graph.ts'
import type { GraphIndex } from '../../core/graph/graph-index.ts'

/** Things of which any one is enough. */
export interface Need {
  readonly options: readonly string[]
  /** What they have in common, in a few words. */
  readonly what: string
}

/** What a node needs to be usable. */
export type Needs = (id: string) => readonly Need[]

/**
 * What each node needs: what it requires; of a capability, any one of those that provide it; of a model also an adapter
 * that speaks to its provider, and a service that has such adapters.
 */
export function createNeeds(index: GraphIndex): Needs {
  // Thousands of models share a provider, and so all that they need besides it.
  const providerNeeds = memoize(provider => listProviderNeeds(provider, index))
  return memoize(id => listNeeds(id, index, providerNeeds))
}

function memoize<T>(find: (id: string) => T): (id: string) => T {
  const known = new Map<string, T>()
  return id => {
    const found = known.get(id) ?? find(id)
    known.set(id, found)
    return found
  }
}

function listNeeds(id: string, index: GraphIndex, providerNeeds: Needs): Need[] {
  const node = index.node(id)
  if (node?.kind === 'capability') return [{ options: endsOf(id, 'provided_by', index), what: 'provides it' }]
  const required = endsOf(id, 'requires', index).filter(to => !isOwnCapability(id, to, index))
  const own = required.map(to => ({ options: [to], what: 'is required' }))
  return node?.kind === 'model' ? [...own, ...required.filter(isProvider).flatMap(providerNeeds)] : own
}

// What provides a capability has it. Whether it is here is asked of itself.
function isOwnCapability(id: string, to: string, index: GraphIndex): boolean {
  return endsOf(to, 'provided_by', index).includes(id)
}

/** What the models of a provider need besides it. */
function listProviderNeeds(provider: string, index: GraphIndex): Need[] {
  const adapters = listAdapters(provider, index)
  const services = [...new Set(adapters.flatMap(adapter => listDrivers(adapter, index)))].sort()
  const needs = [
    { options: [...adapters, ...listUniversalAdapters(index)], what: 'speaks to its provider' },
    { options: services, what: 'has adapters of its provider' },
  ]
  return needs.filter(({ options }) => options.length > 0)
}

function listAdapters(provider: string, index: GraphIndex): string[] {
  return index
    .to(provider)
    .filter(({ from, type }) => type === 'requires' && kindOf(from, index) === 'adapter')
    .map(({ from }) => from)
}

// An adapter that names no provider speaks to all of them.
function listUniversalAdapters(index: GraphIndex): string[] {
  return index.graph.nodes
    .filter(({ kind, id }) => kind === 'adapter' && !endsOf(id, 'requires', index).some(isProvider))
    .map(({ id }) => id)
}

function isProvider(id: string): boolean {
  return id.startsWith('providers/')
}

/** The services that have an adapter: directly, or by a component that stands for several. */
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
