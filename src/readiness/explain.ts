import { detectInHome } from '../detection/detect.ts'
import { type Detectable, detectablesOf } from '../detection/detectables.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { checkServices, type ServiceHealth } from '../detection/services/services.ts'
import { type Graph, type GraphNode, isOnlyNamed, type Readiness, registryOf } from '../graph/graph.ts'
import { createSyncResults } from '../has/sync-answers.ts'
import { parseDetection } from '../lib/shell/command-line.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { evaluateSnapshot, reachNeeds, type SnapshotReadiness } from './evaluate-snapshot.ts'
import { type Facts, toFacts } from './facts.ts'
import { toCauseKey } from './find-causes.ts'
import {
  createWork,
  type Explanation,
  notReady,
  type ReadinessCondition,
  type RootCause,
  ready,
  type ToolStory,
  type Unusable,
  unknown,
} from './readiness.ts'
import { entryAt } from './tool-condition.ts'

export interface ExplainRequest extends Omit<FactsRequest, 'refs' | 'close'> {
  readonly graph: Graph
}

export interface ExplainResult {
  readonly explanation: Explanation
  /** How it was looked for; undefined for what is not looked for on the machine. */
  readonly story: ToolStory | undefined
}

/** Whether one thing can be used here, and if not, why, and what to do. */
export async function explain(node: GraphNode, request: ExplainRequest, host: Host): Promise<ExplainResult> {
  const isTool = node.kind === 'tool' || node.kind === 'ml_framework'
  const { toExplanation, detections } = await evaluateRefs(
    [node.id],
    { ...request, close: isTool ? node.id : undefined },
    host,
  )
  const detected = detections.get(node.id)
  const story = detected && (await describeToolHistory(node.id, detected, request.snapshot, host))
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
): Promise<SnapshotReadiness & Pick<Facts, 'detections'>> {
  const refs = reachNeeds(roots, request)
  const facts = await gatherFacts({ ...request, refs }, host)
  return { ...evaluateSnapshot(roots, request.graph, facts), detections: facts.detections }
}

interface FactsRequest {
  readonly home: RegistryHome
  /** What whoever asks may see. */
  readonly snapshot: Snapshot
  /** All of the home, where some of it is hidden: its trust and its age belong to the whole. */
  readonly whole?: Snapshot | undefined
  /** Refs of everything that is asked about. */
  readonly refs: ReadonlySet<string>
  /** The one tool that is asked about closely: its engine too. */
  readonly close?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of what an answer belongs to. */
  readonly configFile?: string | undefined
}

/** Finds out what is here, of the things that may be seen: tools by a fresh sync or a look, services by their health, keys by their variables. */
export async function gatherFacts(request: FactsRequest, host: Host): Promise<Facts> {
  const { snapshot, refs, whole = snapshot } = request
  const detectables = detectablesOf(snapshot).filter(({ registry, id }) => refs.has(toRef(registry, id)))
  const [detections, health] = await Promise.all([
    loadDetections(detectables, { ...request, snapshot: whole }, host),
    checkNeededServices(request, host),
  ])
  return toFacts({ home: request.home, snapshot, detectables, detections, health }, host)
}

async function checkNeededServices(
  { home, snapshot, refs, whole = snapshot }: FactsRequest,
  host: Host,
): Promise<ReadonlyMap<string, ReadinessCondition>> {
  const toServiceRef = (id: string) => toRef('microservices', id)
  const seen = entriesOf(snapshot, 'microservices')
  const isWanted = (id: string) => refs.has(toServiceRef(id)) && Object.hasOwn(seen, id)
  const looks = await checkServices({ home, snapshot: whole, isWanted }, host)
  return new Map([...looks].map(([id, { health }]) => [toServiceRef(id), toServiceCondition(health)]))
}

interface DetectionsRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Ref of the one that is looked at now, and closely. */
  readonly close?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  readonly configFile?: string | undefined
}

/** What a fresh sync of these surroundings found; the others are looked for now. */
async function loadDetections(
  detectables: readonly Detectable[],
  request: DetectionsRequest,
  host: Host,
): Promise<ReadonlyMap<string, Detected>> {
  if (detectables.length === 0) return new Map()
  const { close } = request
  const refOf = ({ registry, id }: Detectable) => toRef(registry, id)
  const isAnswered = await createSyncResults({ ...request, registries: request.snapshot.registries }, host)
  const known = detectables.filter(each => refOf(each) !== close && isAnswered(each.entry))
  const asked = detectables.filter(each => !known.includes(each))
  const found = await probeRefs(asked, request, host)
  return new Map([
    ...known.flatMap((each): [string, Detected][] =>
      each.entry.detected ? [[refOf(each), each.entry.detected]] : [],
    ),
    ...found,
  ])
}

async function probeRefs(
  entries: readonly Detectable[],
  { home, snapshot, close, python, timeoutMs }: DetectionsRequest,
  host: Host,
): Promise<ReadonlyMap<string, Detected>> {
  const own = { home, registries: snapshot.registries, python, timeoutMs, isForced: false }
  const isClose = ({ registry, id }: Detectable) => toRef(registry, id) === close
  const groups = [
    { mode: 'normal', entries: entries.filter(each => !isClose(each)) },
    { mode: 'deep', entries: entries.filter(isClose) },
  ] as const
  const found = new Map<string, Detected>()
  for (const group of groups.filter(each => each.entries.length > 0)) {
    const { detections } = await detectInHome({ ...own, ...group }, host)
    for (const [ref, detected] of detections) found.set(ref, detected)
  }
  return found
}

/** A service that is up is ready; of one that cannot be asked nobody knows. */
function toServiceCondition(health: ServiceHealth): ReadinessCondition {
  if (health.status === 'up') return ready()
  const { reason, hint } = health
  return health.status === 'down' ? notReady(reason, hint) : unknown(reason, hint)
}

/** What was found, and what else stands on PATH under the same name. */
async function describeToolHistory(
  ref: string,
  detected: Detected,
  snapshot: Snapshot,
  host: Host,
): Promise<ToolStory> {
  const entry = entryAt<Tool>(ref, 'tools', entriesOf(snapshot, 'tools'))
  const parsed = entry && parseDetection(entry.detection)
  if (!parsed?.ok || parsed.detection.kind !== 'path') return { detected, hidden: [], passedOver: [] }
  const { program } = parsed.detection
  const { others, passedOver } = await createProgramFinder(host).find(program)
  // Elements of PATH that are not searched come with every search: doctor tells them.
  const own = passedOver.filter(({ path }) => host.path.basename(path).startsWith(program))
  return { detected, hidden: others, passedOver: own }
}

/** Refs of the entries and registries that are not ready, and of what is named and is not there. */
function toUnusable({ nodes }: Graph, statuses: ReadonlyMap<string, Readiness>): string[] {
  return nodes
    .filter(node => registryOf(node) !== undefined || node.kind === 'registry' || isOnlyNamed(node))
    .map(({ id }) => id)
    .filter(id => statuses.get(id) !== 'ready')
}

/** The causes of all of them, each once: what blocks most comes first, and what is not known at the end. */
export function rankCauses(explanations: readonly Explanation[]): RootCause[] {
  const causes = new Map<string, RootCause & { readonly blocks: string[] }>()
  for (const { ref, causes: own } of explanations) {
    for (const cause of own) {
      const key = toCauseKey(cause)
      const known = causes.get(key) ?? { ...cause, blocks: [] }
      causes.set(key, known)
      if (cause.ref !== ref) known.blocks.push(ref)
    }
  }
  return [...causes.values()].sort(compare)
}

function compare(left: RootCause, right: RootCause): number {
  if (left.status !== right.status) return left.status === 'not ready' ? -1 : 1
  return right.blocks.length - left.blocks.length || (toCauseKey(left) < toCauseKey(right) ? -1 : 1)
}
