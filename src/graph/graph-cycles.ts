import { findCycleGroups, findCycles, followCapabilities, type Link } from '../lib/find-cycles.ts'
import type { GraphEdge, GraphEdgeType } from './graph.ts'
import type { GraphIndex } from './graph-index.ts'

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
  // A capability is on the way of a cycle where what needs it and the single thing that provides it are.
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
