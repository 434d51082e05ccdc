import type { Graph, GraphNode, Readiness } from '../graph/graph.ts'
import type { Host } from '../platform/host.ts'
import { createWork } from './bounded-work.ts'
import type { Explanation, ToolStory, Unusable } from './explanation.ts'
import type { Facts } from './facts.ts'
import { type FactsRequest, gatherFacts } from './gather-facts.ts'
import { type Judgement, judgeSnapshot, reachNeeds } from './judge-snapshot.ts'
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
  const { toExplanation, detections } = await evaluateRefs(
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
  const { statuses, toExplanation } = await evaluateRefs(ids, request, host)
  const work = createWork()
  const unusable = toUnusable(graph, statuses).map(id => toExplanation(id, work))
  return { causes: rankCauses(unusable), unusable }
}

/** How usable everything is here, by id. */
export async function assess(request: ExplainRequest, host: Host): Promise<ReadonlyMap<string, Readiness>> {
  const ids = request.graph.nodes.map(({ id }) => id)
  return (await evaluateRefs(ids, request, host)).statuses
}

async function evaluateRefs(
  roots: readonly string[],
  request: ExplainRequest & Pick<FactsRequest, 'close'>,
  host: Host,
): Promise<Judgement & Pick<Facts, 'detections'>> {
  const refs = reachNeeds(roots, request)
  const facts = await gatherFacts({ ...request, refs }, host)
  return { ...judgeSnapshot(roots, request.graph, facts), detections: facts.detections }
}
