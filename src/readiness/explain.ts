import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { type Graph, type GraphNode, type Readiness, registryOf } from '../graph/graph.ts'
import { createGraph } from '../graph/load-graph.ts'
import { parseDetection } from '../lib/shell/command-line.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { withLocalModels } from '../registry/local-models.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { evaluateSnapshot, reachNeeds, type SnapshotReadiness } from './evaluate-snapshot.ts'
import { type FactsRequest, gatherFacts, recallFacts } from './facts.ts'
import { describeFit, type ModelFit } from './model-fit.ts'
import { createOverview, evaluateGraph } from './overview.ts'
import type { Explanation, ReadinessOverview, ToolSearch } from './readiness.ts'
import { listSecondaryVariables } from './secondary-variables.ts'
import { entryAt } from './tool-condition.ts'

export interface ExplainRequest extends Omit<FactsRequest, 'refs' | 'deepRef'> {
  readonly graph: Graph
}

export interface ExplainResult {
  readonly explanation: Explanation
  /** How it was searched; undefined for what is not searched on the machine. */
  readonly search: ToolSearch | undefined
  /** Whether a model fits into the memory of this machine; undefined where its weights are not known. */
  readonly fit: ModelFit | undefined
}

/** Whether one thing can be used here, and if not, why, and what fixes it. */
export async function explain(node: GraphNode, request: ExplainRequest, host: Host): Promise<ExplainResult> {
  const isTool = node.kind === 'tool' || node.kind === 'ml_framework'
  const refs = reachNeeds([node.id], request)
  const facts = await gatherFacts({ ...request, refs, deepRef: isTool ? node.id : undefined }, host)
  const { toExplanation } = evaluateSnapshot([node.id], request.graph, facts)
  const detected = facts.detections.get(node.id)
  const search = detected && (await describeSearch(node.id, detected, request.snapshot, host))
  const variables = listSecondaryVariables(node.id, request.snapshot, host.env)
  const own = variables.length === 0 ? {} : { secondary_vars: variables }
  const fit = node.kind === 'model' ? await describeFit(node.id, request.snapshot, host) : undefined
  return { explanation: { ...toExplanation(node.id), ...own }, search, fit }
}

/** What of this machine is worth knowing: what is set up and does not work, and what could be set up. */
export async function explainAll(request: ExplainRequest, host: Host): Promise<ReadinessOverview> {
  const ids = request.graph.nodes.map(({ id }) => id)
  const facts = await gatherFacts({ ...request, refs: reachNeeds(ids, request) }, host)
  return createOverview(request.graph, facts)
}

/** Readiness of every node, by id. */
export async function assess(request: ExplainRequest, host: Host): Promise<ReadonlyMap<string, Readiness>> {
  const ids = request.graph.nodes.map(({ id }) => id)
  const facts = await gatherFacts({ ...request, refs: reachNeeds(ids, request) }, host)
  return evaluateSnapshot(ids, request.graph, facts).statuses
}

/**
 * What of this machine is worth knowing, and the refs of the models that can be called: as the last sync and the environment
 * have it. Starts no probe.
 */
export async function recallOverview(
  { home, snapshot, graph, platformRoot }: OverviewRequest,
  host: Host,
): Promise<RecalledOverview> {
  const facts = await recallFacts({ home, snapshot, platformRoot }, host)
  const models = graph.nodes.filter(({ kind }) => kind === 'model').map(({ id }) => id)
  const evaluation = evaluateGraph(graph, facts)
  const { statuses, conditionOf } = evaluation
  return {
    overview: createOverview(graph, facts, evaluation),
    callable: models.filter(id => statuses.get(id) === 'ready'),
    statuses,
    conditionOf,
  }
}

interface OverviewRequest extends Pick<ExplainRequest, 'snapshot' | 'graph' | 'platformRoot'> {
  /** Without it, fixes that install something have no command. */
  readonly home?: RegistryHome | undefined
}

export interface RecalledOverview extends Pick<SnapshotReadiness, 'statuses' | 'conditionOf'> {
  readonly overview: ReadinessOverview
  /** Refs of the models that can be called. */
  readonly callable: readonly string[]
}

/** The readiness of entries, by ref, as the last sync and the environment have it. Starts no probe. */
export async function recallReadiness(
  names: readonly RegistryName[],
  { snapshot: files, platformRoot }: Pick<FactsRequest, 'snapshot' | 'platformRoot'>,
  host: Host,
): Promise<ReadonlyMap<string, Readiness>> {
  const snapshot = withLocalModels(files)
  const graph = createGraph(snapshot)
  const roots = graph.nodes.filter(node => names.some(name => name === registryOf(node))).map(({ id }) => id)
  const facts = await recallFacts({ home: undefined, snapshot, platformRoot }, host)
  return evaluateSnapshot(roots, graph, facts).statuses
}

/** The detection of a tool, and the other programs of its name on PATH. */
async function describeSearch(
  ref: string,
  detected: Detected,
  snapshot: Snapshot,
  host: Host,
): Promise<ToolSearch> {
  const entry = entryAt<Tool>(ref, 'tools', entriesOf(snapshot, 'tools'))
  const parsed = entry && parseDetection(entry.detection)
  if (!parsed?.ok || parsed.detection.kind !== 'path') return { detected, hidden: [], passedOver: [] }
  const { program } = parsed.detection
  const { others, passedOver } = await createProgramFinder(host).find(program)
  // Every search passes over the elements of PATH that are not searched. `doctor` reports those.
  const own = passedOver.filter(({ path }) => host.path.basename(path).startsWith(program))
  return { detected, hidden: others, passedOver: own }
}
