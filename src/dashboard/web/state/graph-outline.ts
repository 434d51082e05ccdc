import { groupBy } from '../../../graph/graph.ts'
import type { GraphLanes, LaneNode } from './graph-lanes.ts'

/** A line of the graph as nested lists, and what is below it. */
export interface OutlineItem {
  readonly node: LaneNode
  /** Whether what is below it stands further up. */
  readonly isRepeated: boolean
  readonly items: readonly OutlineItem[]
}

/** The graph as nested lists: below each node what it needs, once. Groups without a common need are a line each. */
export function toOutline(graph: Pick<GraphLanes, 'lanes' | 'edges'>): readonly OutlineItem[] {
  const nodes = new Map(graph.lanes.flatMap(lane => lane.nodes.map(node => [node.id, node] as const)))
  // Most of such a group has nothing to do with the one thing that needs something of it.
  const isFolded = (id: string) => nodes.get(id)?.isRest === true
  const edges = graph.edges.filter(({ from, to }) => !isFolded(from) && !isFolded(to))
  const places = new Map([...nodes.keys()].map((id, place) => [id, place]))
  const outgoing = groupBy(edges, ({ from }) => from)
  const needed = new Set(edges.map(({ to }) => to))
  const drawn = new Set<string>()
  const targetsOf = (id: string) =>
    (outgoing.get(id) ?? [])
      .map(({ to }) => to)
      .toSorted((left, right) => (places.get(left) ?? 0) - (places.get(right) ?? 0))
  const draw = (node: LaneNode): OutlineItem => {
    const targets = targetsOf(node.id)
    const isRepeated = drawn.has(node.id) && targets.length > 0
    drawn.add(node.id)
    if (isRepeated) return { node, isRepeated, items: [] }
    return { node, isRepeated, items: targets.flatMap(id => nodes.get(id) ?? []).map(draw) }
  }
  const all = [...nodes.values()]
  const roots = all.filter(({ id }) => !needed.has(id)).toSorted(compareNodes)
  const items = roots.map(draw)
  // What is left is in cycles that nothing leads to.
  for (const node of all) if (!drawn.has(node.id)) items.push(draw(node))
  return items
}

function compareNodes(left: LaneNode, right: LaneNode): number {
  return rankOf(left) - rankOf(right)
}

// What is broken comes first, what is not set up last.
function rankOf({ tone }: LaneNode): number {
  if (tone === 'bad') return 0
  return tone === 'off' ? 2 : 1
}
