import { findCycleGroups, findCycles, followCapabilities, type Link } from '../lib/find-cycles.ts'
import { toName } from './fold.ts'
import {
  createGraphIndex,
  filterGraph,
  type Graph,
  type GraphEdge,
  type GraphEdgeType,
  type GraphIndex,
  type GraphNode,
  type GraphView,
  type TreeItem,
} from './graph.ts'

export interface CyclesView {
  readonly cycles: readonly (readonly string[])[]
  readonly view: GraphView
}

/** Who needs each other in a cycle; with `types`, a cycle of edges of these types. */
export function toCyclesView(graph: Graph, types?: readonly GraphEdgeType[]): CyclesView {
  const index = createGraphIndex(graph)
  const cycles = findGraphCycles(index, types)
  const ids = new Set(cycles.flat())
  const part = filterGraph(graph, { node: ({ id }) => ids.has(id) })
  const tree = cycles.flatMap(cycle => toCycleBranch(cycle, index.node))
  return { cycles, view: { title: 'Cycles', graph: part, diagram: part, tree, hint: null } }
}

/** A cycle as a branch of a tree: each node below the one that needs it, and the first one once more at the end. */
export function toCycleBranch(
  cycle: readonly string[],
  nodeOf: (id: string) => GraphNode | undefined,
): TreeItem[] {
  let items: TreeItem[] = []
  // From the end to the beginning, so that a cycle of any length takes no stack.
  for (const id of [...cycle, ...cycle.slice(0, 1)].reverse()) {
    const node = nodeOf(id)
    if (node)
      items = [{ node, name: toName(node), note: '', mark: items.length === 0 ? 'cycle' : null, items }]
  }
  return items
}

/** Types of edges that make a cycle, unless others are chosen: what something cannot work without. */
const needTypes: readonly GraphEdgeType[] = ['requires', 'provided_by']

/** Types of edges that were chosen; without any, cycles are of what is needed. */
type ChosenTypes = readonly GraphEdgeType[] | undefined

/**
 * One cycle of each group of nodes that all need each other, as `validate` finds them. A capability that a single
 * thing provides counts as that thing.
 */
export function findGraphCycles(index: GraphIndex, types?: ChosenTypes): string[][] {
  return findCycles(followCapabilities(listLinks(index, types), id => listProviders(id, index)))
}

/** Number of the cycle group that each node is in. */
export type CycleGroups = ReadonlyMap<string, number>

/** Finds out which nodes are in a cycle, and in which: all nodes of a group need each other. */
export function findNodesInCycles(index: GraphIndex, types?: ChosenTypes): CycleGroups {
  const links = listLinks(index, types)
  const all = followCapabilities(links, id => listProviders(id, index))
  const groups = new Map(
    findCycleGroups(all).flatMap((group, number) => group.map(id => [id, number] as const)),
  )
  // A capability is part of a cycle when what needs it and the single thing that provides it are.
  for (const { from, to } of links) {
    const [only = from, ...others] = listProviders(to, index) ?? []
    const group = groups.get(from)
    const isOnTheWay = only !== from && others.length === 0 && groups.get(only) === group
    if (group !== undefined && isOnTheWay && !groups.has(to)) groups.set(to, group)
  }
  return groups
}

/** Whether an edge lies in a cycle. */
export function isInCycle({ from, to }: Pick<GraphEdge, 'from' | 'to'>, groups: CycleGroups): boolean {
  const group = groups.get(from)
  return group !== undefined && group === groups.get(to)
}

function listLinks(index: GraphIndex, types: ChosenTypes): Link[] {
  const wanted = types === undefined || types.length === 0 ? needTypes : types
  return index.graph.edges.filter(({ type }) => type !== 'provided_by' && wanted.includes(type))
}

// It ends with the second one: a hundred thousand may provide what a hundred thousand need.
function listProviders(id: string, index: GraphIndex): string[] | undefined {
  if (index.node(id)?.kind !== 'capability') return undefined
  const providers: string[] = []
  for (const { to, type } of index.from(id)) {
    if (type === 'provided_by') providers.push(to)
    if (providers.length === 2) break
  }
  return providers
}
