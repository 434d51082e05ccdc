import type { Graph, Readiness } from '../graph/graph.ts'
import { createGraphIndex, type GraphIndex } from '../graph/graph-index.ts'
import { toShellWord } from '../lib/shell/to-shell-word.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { createWork, type Work } from './bounded-work.ts'
import { ready } from './condition.ts'
import type { Explanation } from './explanation.ts'
import type { Facts } from './facts.ts'
import { createCauseFinder } from './find-causes.ts'
import { findDependents } from './find-dependents.ts'
import { indexUsers, judge } from './judge.ts'
import { createNeeds, type Needs } from './needs.ts'
import { toCondition } from './to-condition.ts'

/** How usable things are, and why. */
export interface Judgement {
  readonly statuses: ReadonlyMap<string, Readiness>
  /** `work` bounds what several of them take together. */
  readonly toExplanation: (id: string, work?: Work) => Explanation
}

/** The ids of these things and of all that they need: what has to be known to judge them. */
export function reachNeeds(
  roots: readonly string[],
  { graph, snapshot }: { readonly graph: Graph; readonly snapshot: Snapshot },
): ReadonlySet<string> {
  return reach(roots, needsIn(createGraphIndex(graph), snapshot))
}

/**
 * Judges things of a snapshot, of which some may be hidden, by what was found out about `reachNeeds` of them. Nothing is
 * looked at any more. What needs something hidden is unknown.
 */
export function judgeSnapshot(roots: readonly string[], graph: Graph, facts: Facts): Judgement {
  const index = createGraphIndex(graph)
  const needsOf = needsIn(index, facts.snapshot)
  const refs = reach(roots, needsOf)
  const asked = graph.nodes.filter(({ id }) => refs.has(id))
  const conditions = new Map(asked.map(node => [node.id, toCondition(node, facts)]))
  const conditionOf = (id: string) => conditions.get(id) ?? ready()
  const statuses = judge([...refs], conditionOf, needsOf)
  const users = indexUsers(
    graph.nodes.map(({ id }) => id),
    needsOf,
  )
  const findCauses = createCauseFinder({ statuses, conditionOf, needsOf })
  const unseen = toUnseen(facts.snapshot)
  const toExplanation = (id: string, work = createWork()): Explanation => {
    const causes = findCauses(id, work)
    const dependents = findDependents(id, { index, users }, work)
    const cut =
      work.left > 0 ? [] : [`there is more than is listed: nexus-registry explain ${toShellWord(id)}`]
    return {
      ref: id,
      status: statuses.get(id) ?? 'ready',
      causes,
      dependents,
      warnings: [...conditionOf(id).warnings, ...unseen, ...cut],
    }
  }
  return { statuses, toExplanation }
}

function needsIn(index: GraphIndex, { registries }: Snapshot): Needs {
  return createNeeds(index, name => registries[name].state === 'hidden')
}

function reach(roots: readonly string[], needsOf: Needs): ReadonlySet<string> {
  const seen = new Set(roots)
  for (const id of seen) for (const { options } of needsOf(id)) for (const option of options) seen.add(option)
  return seen
}

// What it declares could be needed by anything: to call all of it unknown would tell nobody anything.
function toUnseen({ registries }: Snapshot): string[] {
  if (registries.hyper.state !== 'hidden') return []
  return ['you may not see hyper: what it declares besides is left out']
}
