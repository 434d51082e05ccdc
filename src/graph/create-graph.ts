import { type Components, createComponents, toComponentKey } from '../registry/components/components.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { mayBeHidden } from '../registry/unread-registries.ts'
import { type Graph, type GraphEdge, type GraphNode, toLinkKey } from './graph.ts'
import { listDeclaredEdges, listImpliedEdges, type NamedEdge } from './graph-edges.ts'
import { listGraphNodes, toPlainNode } from './graph-nodes.ts'
import { sortGraph } from './sort-graph.ts'

/**
 * Reads the dependency graph out of a snapshot: components, registries, entries and capabilities, with the edges that
 * the hyper registry declares and those that entries imply. What is named and is nowhere becomes a `missing` node, or an
 * `unseen` one where a registry is hidden in which it may stand.
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
  // Refs of the dashboard are nobody's components.
  if (name.startsWith('dashboard/') && known.has(name)) return name
  const component = components.resolve(name)
  return component ? toComponentKey(component) : name
}

// A name that only versions or a broken node have is a component; one that nothing has is missing. Of either nobody can
// tell who may not see everything.
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
