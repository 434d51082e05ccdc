import type { GraphEdge } from '../../core/graph/graph.ts'
import type { GraphIndex } from '../../core/graph/graph-index.ts'
import { reach } from './reach.ts'

/** Edges, each of which begins where the one before it ends. */
export type Path = readonly GraphEdge[]

export interface Paths {
  /** The shortest ones first. */
  readonly paths: readonly Path[]
  /** Whether there are more than were looked at. */
  readonly isCut: boolean
}

/** Most paths that are told, and most beginnings of paths that are looked at: there may be more paths than atoms. */
export const pathLimits = { paths: 1000, beginnings: 100_000 } as const

/** A shortest way from one node to another; undefined when there is none. A node leads to itself in no steps. */
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

/** All ways from one node to another that visit no node twice, up to the limits. */
export function findAllPaths(from: string, to: string, index: GraphIndex): Paths {
  const useful = new Set(reach([to], index, { isReverse: true }).nodes.map(({ id }) => id))
  const paths: Path[] = []
  const queue: Beginning[] = useful.has(from) ? [{ end: from, edge: undefined, before: undefined }] : []
  for (const beginning of queue) {
    if (beginning.end === to) paths.push(toPath(beginning))
    else queue.push(...goOn(beginning, useful, index))
    const isCut = paths.length >= pathLimits.paths || queue.length >= pathLimits.beginnings
    if (isCut) return { paths, isCut }
  }
  return { paths, isCut: false }
}

function goOn(before: Beginning, useful: ReadonlySet<string>, index: GraphIndex): Beginning[] {
  return index
    .from(before.end)
    .filter(({ to }) => useful.has(to) && !hasVisited(before, to))
    .map(edge => ({ end: edge.to, edge, before }))
}

function hasVisited(beginning: Beginning, node: string): boolean {
  for (let at: Beginning | undefined = beginning; at; at = at.before) if (at.end === node) return true
  return false
}

function toPath(beginning: Beginning): Path {
  const path: GraphEdge[] = []
  for (let at: Beginning | undefined = beginning; at; at = at.before) if (at.edge) path.push(at.edge)
  return path.reverse()
}
