import type { Graph, GraphEdgeType, GraphNode } from './graph.ts'

/** One line of a tree, and what is below it. */
export interface TreeItem {
  readonly node: GraphNode
  /** What it is called at this place. */
  readonly name: string
  /** What else it needs or shows, in words; empty when nothing was folded into this line. */
  readonly note: string
  /** repeated: what is below it stands further up; cycle: it is above itself; more: it goes on. */
  readonly mark: 'repeated' | 'cycle' | 'more' | null
  /** How the line above leads here, where it is worth saying. */
  readonly via?: GraphEdgeType
  readonly items: readonly TreeItem[]
}

/** Something to show of a graph: as data, as a picture, as a tree. */
export interface GraphView {
  /** What is shown, in a few words. */
  readonly title: string
  /** Everything, for programs. */
  readonly graph: Graph
  /** What a picture has: the same, or collapsed so that it can be read. */
  readonly picture: Graph
  readonly tree: readonly TreeItem[]
  /** How to see what was folded or collapsed, a sentence; null when nothing was. */
  readonly hint: string | null
}
