import { type GraphEdge, groupBy } from '../../../graph/graph.ts'
import type { DashboardProblem } from '../../model/dashboard-view.ts'
import type { GraphDocument } from '../live/server.ts'

type DocumentNode = GraphDocument['nodes'][number]

/** What is broken, and what cannot work without it. */
export interface Brokenness {
  /** Ids of everything on a broken path, the causes too. */
  readonly ids: ReadonlySet<string>
  /** One path for each problem, from what cannot work to the cause. The order is that of the problems. */
  readonly paths: readonly ProblemPath[]
}

export interface ProblemPath {
  readonly problem: DashboardProblem
  /** Ids of nodes; the last one is the cause. */
  readonly steps: readonly string[]
  /** How many nodes of the kind of the first one are blocked in the same way. */
  readonly alike: number
  /** How many things are blocked in all. */
  readonly blocked: number
}

export interface BrokenRequest {
  readonly nodes: ReadonlyMap<string, DocumentNode>
  readonly edges: readonly GraphEdge[]
  readonly problems: readonly DashboardProblem[]
  /** Which nodes a path should begin at: the lowest rank first. */
  readonly rankOf: (node: DocumentNode) => number
}

/** Walks from each problem to what cannot work without it. */
export function findBroken({ nodes, edges, problems, rankOf }: BrokenRequest): Brokenness {
  const incoming = groupBy(edges, ({ to }) => to)
  const ids = new Set<string>()
  const paths = problems.map((problem): ProblemPath => {
    const reached = climb(problem, incoming, nodes)
    for (const id of reached.keys()) ids.add(id)
    const starts = [...reached.keys()].flatMap(id => nodes.get(id) ?? [])
    const start = pickStart(starts, rankOf, reached)
    const alike = starts.filter(({ id, kind }) => kind === start?.kind && id !== problem.ref)
    const steps = toSteps(start?.id ?? problem.ref, reached)
    return { problem, steps, alike: alike.length, blocked: problem.blocks_count }
  })
  return { ids, paths: joinPaths(paths) }
}

/** Leaves out paths that another one continues: it says more about the same. */
function joinPaths(paths: readonly ProblemPath[]): ProblemPath[] {
  const isBegin = (begin: ProblemPath, path: ProblemPath) =>
    begin.steps.length < path.steps.length && begin.steps.every((id, index) => id === path.steps[index])
  return paths
    .filter(path => !paths.some(other => isBegin(path, other)))
    .map(path => {
      const same = paths.filter(other => isBegin(other, path))
      return { ...path, blocked: Math.max(path.blocked, ...same.map(({ blocked }) => blocked)) }
    })
}

/** What is blocked by a problem, each with the next node towards it. */
type Reached = ReadonlyMap<string, string | undefined>

function climb(
  { ref, blocks }: DashboardProblem,
  incoming: ReadonlyMap<string, readonly GraphEdge[]>,
  nodes: BrokenRequest['nodes'],
): Reached {
  const named = new Set(blocks)
  const isBlocked = (id: string) => nodes.get(id)?.status === 'not ready' || named.has(id)
  const reached = new Map<string, string | undefined>([[ref, undefined]])
  // A map lists what is added while it is read: the nearest come first.
  for (const id of reached.keys())
    for (const { from } of incoming.get(id) ?? [])
      if (!reached.has(from) && isBlocked(from)) reached.set(from, id)
  return reached
}

function pickStart(
  starts: readonly DocumentNode[],
  rankOf: BrokenRequest['rankOf'],
  reached: Reached,
): DocumentNode | undefined {
  const ranked = starts.map(node => ({
    node,
    rank: rankOf(node),
    length: toSteps(node.id, reached).length,
  }))
  ranked.sort(
    (left, right) =>
      left.rank - right.rank || left.length - right.length || (left.node.id < right.node.id ? -1 : 1),
  )
  return ranked[0]?.node
}

function toSteps(start: string, reached: Reached): string[] {
  const steps = [start]
  for (let next = reached.get(start); next !== undefined; next = reached.get(next)) steps.push(next)
  return steps
}
