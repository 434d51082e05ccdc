import { toName } from './fold.ts'
import type { Graph, GraphNode } from './graph.ts'
import { createGraphIndex } from './graph-index.ts'
import type { GraphView, TreeItem } from './graph-view.ts'
import { findAllPaths, findShortestPath, type Path, type Paths } from './paths.ts'
import { filterGraph } from './sort-graph.ts'

export interface WhyView extends Paths {
  readonly view: GraphView
  /** Whether the second one leads to the first one. */
  readonly isOtherWay: boolean
}

/** Why one node needs another: the ways from the one to the other. */
export function toWhyView(ends: { from: GraphNode; to: GraphNode }, graph: Graph, all: boolean): WhyView {
  const index = createGraphIndex(graph)
  const [from, to] = [ends.from.id, ends.to.id]
  const shortest = findShortestPath(from, to, index)
  const found = all ? findAllPaths(from, to, index) : { paths: shortest ? [shortest] : [], isCut: false }
  const part = toPart(found.paths, graph, [from, to])
  const toItem = (path: Path) => toBranch(ends.from, path, id => index.node(id))
  const title = `Why ${toName(ends.from)} needs ${toName(ends.to)}`
  const view = { title, graph: part, picture: part, tree: found.paths.map(toItem), hint: null }
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
