import { type Graph, type GraphNode, isOnlyNamed, type NodeKind, registryOf } from '../graph/graph.ts'
import { parseRef, toRef } from '../registry/refs.ts'
import { entriesOf } from '../registry/snapshot.ts'
import { isRetired } from './create-replacements.ts'
import { evaluateSnapshot } from './evaluate-snapshot.ts'
import type { Facts } from './facts.ts'
import { toCauseKey } from './find-causes.ts'
import {
  type Cause,
  createStepBudget,
  type Explanation,
  type NotSetUp,
  type Problem,
  type ReadinessOverview,
  type RetiringModel,
} from './readiness.ts'

/** How far ahead the retirement of a model is worth a line, in days. */
const retiringDays = 90

/** Evaluates all nodes of a graph. */
export function evaluateGraph(graph: Graph, facts: Facts): ReturnType<typeof evaluateSnapshot> {
  return evaluateSnapshot(
    graph.nodes.map(({ id }) => id),
    graph,
    facts,
  )
}

/** Sorts all that is not ready on a machine: problems, what is unknown, what was never set up, what retires soon. */
export function createOverview(
  graph: Graph,
  facts: Facts,
  { statuses, conditionOf, toExplanation } = evaluateGraph(graph, facts),
): ReadinessOverview {
  const budget = createStepBudget()
  const nodes = graph.nodes.filter(node => isListed(node) && !isRetiredModel(node, facts))
  const blocked = nodes.filter(({ id }) => statuses.get(id) === 'not ready')
  const problems = rankCauses(blocked.map(({ id }) => toExplanation(id, budget))).filter(
    ({ status }) => status !== 'unknown',
  )
  const known = new Set(problems.map(({ ref }) => ref))
  const others = nodes.flatMap(({ id }) => {
    const condition = conditionOf(id)
    return condition.status === 'ready' || known.has(id) ? [] : [{ ref: id, ...condition }]
  })
  const missing = others.filter(({ status }) => status === 'not set up')
  return {
    problems,
    unknown: others
      .filter(({ status }) => status === 'unknown')
      .map(({ ref, reason, fix }) => ({ ref, reason, fix })),
    not_set_up: missing.flatMap(each => toNotSetUp(each, facts)),
    absent: missing.filter(({ ref }) => isDetectable(ref)).map(({ ref, fix }) => ({ ref, fix })),
    retiring: listRetiring(facts, ref => statuses.get(ref) === 'ready'),
  }
}

const shownKinds: readonly NodeKind[] = ['dashboard_entry', 'metric']

/** Entries, registries, and names that nothing has. Components and what the dashboard shows only wait for these. */
function isListed(node: GraphNode): boolean {
  const isEntry = registryOf(node) !== undefined && !shownKinds.includes(node.kind)
  return isEntry || node.kind === 'registry' || isOnlyNamed(node)
}

/** Nobody uses a model that has retired, unless something requires it: then that has it as a cause. */
function isRetiredModel({ id }: GraphNode, { snapshot, today }: Facts): boolean {
  const ref = parseRef(id)
  const models = entriesOf(snapshot, 'models')
  const model = ref?.registry === 'models' && Object.hasOwn(models, ref.id) ? models[ref.id] : undefined
  return model !== undefined && isRetired(model, today)
}

/** The causes of all explanations, each once. Those that block most come first, unknown ones last. */
export function rankCauses(explanations: readonly Pick<Explanation, 'ref' | 'causes'>[]): Problem[] {
  const causes = new Map<string, Problem & { readonly blocks: string[] }>()
  for (const { ref, causes: own } of explanations) {
    for (const cause of own) {
      const key = toCauseKey(cause)
      const ranked = causes.get(key) ?? { ...cause, blocks: [] }
      causes.set(key, ranked)
      if (cause.ref !== ref) ranked.blocks.push(ref)
    }
  }
  return [...causes.values()].sort(compareProblems)
}

function compareProblems(left: Problem, right: Problem): number {
  if ((left.status === 'unknown') !== (right.status === 'unknown')) return left.status === 'unknown' ? 1 : -1
  return right.blocks.length - left.blocks.length || (toCauseKey(left) < toCauseKey(right) ? -1 : 1)
}

const setUpRegistries = ['providers', 'plugins', 'microservices', 'adapters']

/** A provider or a part of the platform that was never set up. Models are counted at their provider. */
function toNotSetUp({ ref, reason, fix }: Omit<Cause, 'status'>, { snapshot }: Facts): NotSetUp[] {
  const parts = parseRef(ref)
  if (parts === undefined || !setUpRegistries.includes(parts.registry)) return []
  if (parts.registry !== 'providers') return [{ ref, reason, fix }]
  const models = Object.values(entriesOf(snapshot, 'models')).filter(({ provider }) => provider === parts.id)
  return [{ ref, reason, fix, models: models.length }]
}

function isDetectable(ref: string): boolean {
  return ref.startsWith('tools/') || ref.startsWith('ml_frameworks/')
}

function listRetiring({ snapshot, today }: Facts, isReady: (ref: string) => boolean): RetiringModel[] {
  const horizon = new Date(Date.parse(today) + retiringDays * 86_400_000).toISOString().slice(0, 10)
  return Object.entries(entriesOf(snapshot, 'models'))
    .flatMap(([id, { retires_on: end, successor }]) => {
      const ref = toRef('models', id)
      if (end === undefined || end > horizon || !isReady(ref)) return []
      return [{ ref, retires_on: end, successor: successor ?? null }]
    })
    .sort((left, right) => (left.retires_on + left.ref < right.retires_on + right.ref ? -1 : 1))
}
