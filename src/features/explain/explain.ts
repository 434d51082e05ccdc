import type { Explanation, ToolStory, Unusable } from '../../core/explanation.ts'
import type { Graph, GraphNode, Readiness } from '../../core/graph/graph.ts'
import { createGraphIndex } from '../../core/graph/graph-index.ts'
import type { Host } from '../../core/host.ts'
import type { Detected } from '../../core/probe.ts'
import { ready } from './condition.ts'
import { createCauseFinder } from './find-causes.ts'
import { findDependents } from './find-dependents.ts'
import { type FactsRequest, gatherFacts } from './gather-facts.ts'
import { indexUsers, judge } from './judge.ts'
import { createNeeds, type Needs } from './needs.ts'
import { toCondition } from './to-condition.ts'
import { tellToolStory } from './tool-story.ts'
import { rankCauses, toUnusable } from './unusable.ts'

export interface ExplainRequest extends Omit<FactsRequest, 'refs' | 'close'> {
  readonly graph: Graph
}

export interface Answer {
  readonly explanation: Explanation
  /** How it was looked for; undefined for what is not looked for on the machine. */
  readonly story: ToolStory | undefined
}

/** Whether one thing can be used here, and if not, why, and what to do. */
export async function explain(node: GraphNode, request: ExplainRequest, host: Host): Promise<Answer> {
  const isTool = node.kind === 'tool' || node.kind === 'ml_framework'
  const { toExplanation, detections } = await look(
    [node.id],
    { ...request, close: isTool ? node.id : undefined },
    host,
  )
  const detected = detections.get(node.id)
  const story = detected && (await tellToolStory(node.id, detected, request.snapshot, host))
  return { explanation: toExplanation(node.id), story }
}

/** Everything that cannot be used here, and what is to blame for most of it. */
export async function explainAll(request: ExplainRequest, host: Host): Promise<Unusable> {
  const { graph } = request
  const ids = graph.nodes.map(({ id }) => id)
  const { statuses, toExplanation } = await look(ids, request, host)
  const unusable = toUnusable(graph, statuses).map(toExplanation)
  return { causes: rankCauses(unusable), unusable }
}

/** How usable everything is here, by id. */
export async function assess(request: ExplainRequest, host: Host): Promise<ReadonlyMap<string, Readiness>> {
  const ids = request.graph.nodes.map(({ id }) => id)
  return (await look(ids, request, host)).statuses
}

interface Look {
  readonly statuses: ReadonlyMap<string, Readiness>
  readonly toExplanation: (id: string) => Explanation
  readonly detections: ReadonlyMap<string, Detected>
}

async function look(
  roots: readonly string[],
  request: ExplainRequest & Pick<FactsRequest, 'close'>,
  host: Host,
): Promise<Look> {
  const { graph } = request
  const index = createGraphIndex(graph)
  const needsOf = createNeeds(index)
  const refs = reachNeeds(roots, needsOf)
  const facts = await gatherFacts({ ...request, refs }, host)
  const asked = graph.nodes.filter(({ id }) => refs.has(id))
  const conditions = new Map(asked.map(node => [node.id, toCondition(node, facts)]))
  const conditionOf = (id: string) => conditions.get(id) ?? ready()
  const statuses = judge([...refs], conditionOf, needsOf)
  const users = indexUsers(
    graph.nodes.map(({ id }) => id),
    needsOf,
  )
  const findCauses = createCauseFinder({ statuses, conditionOf, needsOf })
  const toExplanation = (id: string): Explanation => ({
    ref: id,
    status: statuses.get(id) ?? 'ready',
    causes: findCauses(id),
    dependents: findDependents(id, index, users),
    warnings: conditionOf(id).warnings,
  })
  return { statuses, toExplanation, detections: facts.detections }
}

function reachNeeds(roots: readonly string[], needsOf: Needs): ReadonlySet<string> {
  const seen = new Set(roots)
  for (const id of seen) for (const { options } of needsOf(id)) for (const option of options) seen.add(option)
  return seen
}
