import { NexusError } from '../lib/errors.ts'
import { nearestFew } from '../lib/text/nearest.ts'
import { createComponents, toComponentKey } from '../registry/components/components.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { describeAllUnread, listUnread } from '../registry/unread-registries.ts'
import { type Graph, type GraphNode, isOnlyNamed } from './graph.ts'

/** The node that a ref, an id, a registry's name or an alias means. Throws a NexusError('usage') that names the nearest. */
export function findNode(name: string, graph: Graph, snapshot: Pick<Snapshot, 'registries'>): GraphNode {
  const components = createComponents(snapshot)
  const component = components.resolve(name)
  const wanted = component ? toComponentKey(component) : name
  const found = graph.nodes.find(({ id }) => id === wanted) ?? findShown(name, graph)
  if (found && !isOnlyNamed(found)) return found
  throw explainUnknown(name, [...components.names, ...graph.nodes.map(({ id }) => id)], snapshot)
}

// `dashboard/docker` is enough where only one section has it.
function findShown(name: string, { nodes }: Graph): GraphNode | undefined {
  const [registry, id] = [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)]
  const shown = nodes.filter(
    node => node.id.startsWith('dashboard/') && node.id.split('/').slice(2).join('/') === id,
  )
  return shown.length === 1 && (registry === 'dashboard' || name === id) ? shown[0] : undefined
}

function explainUnknown(
  name: string,
  names: readonly string[],
  snapshot: Pick<Snapshot, 'registries'>,
): NexusError {
  const near = nearestFew(name, [...new Set(names)], 3)
  const guess = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined
  const unread = listUnread(name, snapshot)
  if (unread.length === 0) {
    const hint = guess ?? 'See what there is: nexus-registry graph'
    return new NexusError('usage', `nothing is called ${JSON.stringify(name)}`, { hint })
  }
  const hint = [`${describeAllUnread(unread)}.`, ...(guess === undefined ? [] : [guess])].join(' ')
  return new NexusError('usage', `nothing that could be read is called ${JSON.stringify(name)}`, { hint })
}
