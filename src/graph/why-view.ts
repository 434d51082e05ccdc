import { findGroups } from '../lib/find-cycles.ts'
import { reach, toName } from './fold.ts'
import {
  createGraphIndex,
  filterGraph,
  type Graph,
  type GraphEdge,
  type GraphIndex,
  type GraphNode,
  type GraphView,
  type TreeItem,
} from './graph.ts'

export interface WhyView extends Paths {
  readonly view: GraphView
  /** Whether the second one leads to the first one. */
  readonly isOtherWay: boolean
}

/** Why one node needs another: the paths from one to the other. */
export function toWhyView(ends: { from: GraphNode; to: GraphNode }, graph: Graph, all: boolean): WhyView {
  const index = createGraphIndex(graph)
  const [from, to] = [ends.from.id, ends.to.id]
  const shortest = findShortestPath(from, to, index)
  const found = all ? findAllPaths(from, to, index) : { paths: shortest ? [shortest] : [], isCut: false }
  const part = toPart(found.paths, graph, [from, to])
  const toItem = (path: Path) => toBranch(ends.from, path, id => index.node(id))
  const title = `Why ${toName(ends.from)} needs ${toName(ends.to)}`
  const view = { title, graph: part, diagram: part, tree: found.paths.map(toItem), hint: null }
  return { ...found, view, isOtherWay: !shortest && findShortestPath(to, from, index) !== undefined }
}

function toPart(paths: readonly Path[], graph: Graph, ends: readonly string[]): Graph {
  const edges = new Set(paths.flat())
  const ids = new Set([...ends, ...[...edges].flatMap(({ from, to }) => [from, to])])
  return filterGraph(graph, { node: ({ id }) => ids.has(id), edge: edge => edges.has(edge) })
}

// From the end to the beginning, so that a path of any length takes no stack.
function toBranch(from: GraphNode, path: Path, nodeOf: (id: string) => GraphNode | undefined): TreeItem {
  let items: TreeItem[] = []
  for (const { to, type } of path.toReversed()) {
    const node = nodeOf(to)
    if (node) items = [{ node, name: toName(node), note: '', mark: null, via: type, items }]
  }
  return { node: from, name: toName(from), note: '', mark: null, items }
}

/** Edges, each of which begins where the one before it ends. */
export type Path = readonly GraphEdge[]

interface Paths {
  /** The shortest ones first. */
  readonly paths: readonly Path[]
  /** Whether there are more paths than the limits allow. */
  readonly isCut: boolean
}

/**
 * Most paths that are listed, most beginnings of paths that are checked, and most steps of all of them: there may be
 * more paths than atoms.
 */
export const pathLimits = { paths: 1000, beginnings: 250_000, steps: 10_000_000 } as const

/** A shortest path from one node to another; undefined when there is none. A node leads to itself in no steps. */
export function findShortestPath(from: string, to: string, index: GraphIndex): Path | undefined {
  const arrivals = new Map<string, GraphEdge>()
  const queue = [from]
  for (const node of queue) {
    if (node === to) return traceBack(from, to, arrivals)
    for (const edge of index.from(node)) {
      if (edge.to === from || arrivals.has(edge.to)) continue
      arrivals.set(edge.to, edge)
      queue.push(edge.to)
    }
  }
  return undefined
}

function traceBack(from: string, to: string, arrivals: ReadonlyMap<string, GraphEdge>): Path {
  const path: GraphEdge[] = []
  for (let node = to; node !== from; ) {
    const edge = arrivals.get(node)
    if (edge === undefined) throw new Error(`nothing arrives at ${node}`)
    path.push(edge)
    node = edge.from
  }
  return path.reverse()
}

interface Beginning {
  readonly end: string
  readonly edge: GraphEdge | undefined
  readonly before: Beginning | undefined
}

/** All paths from one node to another that visit no node twice, up to the limits; the shortest one always. */
export function findAllPaths(from: string, to: string, index: GraphIndex): Paths {
  const useful = reach([to], index, { isReverse: true })
  const shortest = findShortestPath(from, to, index)
  if (shortest === undefined) return { paths: [], isCut: false }
  const groups = new Map(findGroups(useful.edges).flatMap((group, place) => group.map(id => [id, place])))
  const ids = new Set(useful.nodes.map(({ id }) => id))
  const work = { steps: 0 }
  const paths: Path[] = []
  const queue: Beginning[] = [{ end: from, edge: undefined, before: undefined }]
  const goOn = (before: Beginning) =>
    index
      .from(before.end)
      .filter(edge => ids.has(edge.to) && !hasVisited(before, edge.to, groups, work))
      .map((edge): Beginning => ({ end: edge.to, edge, before }))
  for (const beginning of queue) {
    if (beginning.end === to) paths.push(toPath(beginning, work))
    else for (const next of goOn(beginning)) queue.push(next)
    if (
      paths.length < pathLimits.paths &&
      queue.length < pathLimits.beginnings &&
      work.steps < pathLimits.steps
    )
      continue
    return { paths: paths.length > 0 ? paths : [shortest], isCut: true }
  }
  return { paths, isCut: false }
}

/** Whether a node is on the path. A path that has left a group of nodes which all reach each other never comes back to it. */
function hasVisited(
  beginning: Beginning,
  node: string,
  groups: ReadonlyMap<string, number>,
  work: { steps: number },
): boolean {
  const group = groups.get(node)
  for (let at: Beginning | undefined = beginning; at; at = at.before) {
    work.steps += 1
    if (at.end === node) return true
    if (groups.get(at.end) !== group) return false
  }
  return false
}

function toPath(beginning: Beginning, work: { steps: number }): Path {
  const path: GraphEdge[] = []
  for (let at: Beginning | undefined = beginning; at; at = at.before) if (at.edge) path.push(at.edge)
  work.steps += path.length
  return path.reverse()
}
