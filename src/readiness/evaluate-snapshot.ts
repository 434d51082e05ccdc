import {
  createGraphIndex,
  type Graph,
  type GraphIndex,
  type GraphNode,
  type NodeKind,
  type Readiness,
  registryOf,
} from '../graph/graph.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import type { Incompatibility } from '../registry/components/compatibility.ts'
import { isLocalRuntime } from '../registry/local-models.ts'
import { hostedDetectionOf } from '../registry/provider-detection.ts'
import { parseRef, parseRegistryName } from '../registry/refs.ts'
import type { Model } from '../registry/schema/model.ts'
import { isSubRegistry, registryFiles } from '../registry/schema/names.ts'
import type { Provider } from '../registry/schema/provider.ts'
import {
  describeAllUnread,
  describeUnread,
  entriesOf,
  listUnread,
  type Snapshot,
} from '../registry/snapshot.ts'
import { isRetired } from './create-replacements.ts'
import type { Facts } from './facts.ts'
import { createCauseFinder } from './find-causes.ts'
import { toMissingModelCondition, toRuntimeCondition } from './local-runtime.ts'
import { bestOf, createNeeds, evaluateNeeds, type GraphNeeds, indexUsers, type Needs } from './needs.ts'
import { evaluatePlatformPath } from './platform.ts'
import {
  createStepBudget,
  type Explanation,
  notReady,
  notSetUp,
  type ReadinessCondition,
  type ReadinessFix,
  ready,
  type StepBudget,
  toFix,
  unknown,
} from './readiness.ts'
import { entryAt, toToolCondition } from './tool-condition.ts'

/** The readiness of things, and why. */
export interface SnapshotReadiness {
  readonly statuses: ReadonlyMap<string, Readiness>
  /** The readiness of a thing by itself. */
  readonly conditionOf: (id: string) => ReadinessCondition
  /** `budget` limits the work of several explanations together. */
  readonly toExplanation: (id: string, budget?: StepBudget) => Explanation
}

/** The ids of these things and of all their needs. Their evaluation needs facts about each. */
export function reachNeeds(
  roots: readonly string[],
  { graph, snapshot }: { readonly graph: Graph; readonly snapshot: Snapshot },
): ReadonlySet<string> {
  return reach(roots, needsIn(createGraphIndex(graph), snapshot).usesOf)
}

/**
 * Evaluates things of a snapshot, which may have hidden registries, by facts about their `reachNeeds`. Starts no probe.
 * What needs something hidden is unknown.
 */
export function evaluateSnapshot(roots: readonly string[], graph: Graph, facts: Facts): SnapshotReadiness {
  const index = createGraphIndex(graph)
  const { needsOf, platformNeedsOf, usesOf, isStrict } = needsIn(index, facts.snapshot)
  const refs = reach(roots, usesOf)
  const nodes = graph.nodes.filter(({ id }) => refs.has(id))
  const conditions = new Map(nodes.map(node => [node.id, toCondition(node, facts)]))
  const conditionOf = (id: string) => conditions.get(id) ?? ready()
  const request = { conditionOf, needsOf, isStrict }
  const statuses = evaluateNeeds([...refs], request)
  const users = indexUsers(
    graph.nodes.map(({ id }) => id),
    usesOf,
  )
  const findCauses = createCauseFinder({ ...request, statuses })
  const hiddenWarnings = warnOfHidden(facts.snapshot)
  const statusOf = (id: string) => statuses.get(id) ?? 'ready'
  const toPlatformPath = (id: string, budget: StepBudget) => {
    // Something hidden may be what the path needs.
    const needs = platformNeedsOf(id)
    if (needs.some(({ unseen }) => unseen !== undefined)) return undefined
    const pathNeeds = [{ options: [id], what: 'is required' }, ...needs]
    return evaluatePlatformPath({
      model: statusOf(id),
      needs: needs.map(need => bestOf(need, statuses)),
      findCauses: () => findCauses(id, budget, pathNeeds),
    })
  }
  const toExplanation = (id: string, budget = createStepBudget()): Explanation => {
    const causes = findCauses(id, budget)
    const path = toPlatformPath(id, budget)
    const dependents = findDependents(id, { index, users }, budget)
    const cut = budget.left > 0 ? [] : [`the list is not complete: nexus-registry explain ${toShellWord(id)}`]
    return {
      ref: id,
      status: statusOf(id),
      ...(path && { via_platform: path }),
      causes,
      warnings: [...conditionOf(id).warnings, ...hiddenWarnings, ...cut],
      dependents,
    }
  }
  return { statuses, conditionOf, toExplanation }
}

function needsIn(index: GraphIndex, { registries }: Snapshot): GraphNeeds {
  return createNeeds(index, name => registries[name].state === 'hidden')
}

function reach(roots: readonly string[], usesOf: Needs): ReadonlySet<string> {
  const seen = new Set(roots)
  for (const id of seen) for (const { options } of usesOf(id)) for (const option of options) seen.add(option)
  return seen
}

// Anything could need what hyper declares, but calling everything unknown would help nobody.
function warnOfHidden({ registries }: Snapshot): string[] {
  if (registries.hyper.state !== 'hidden') return []
  return ['sign in to see hyper: its declarations are left out']
}

interface Users {
  readonly index: GraphIndex
  /** The nodes that need each node. */
  readonly users: ReadonlyMap<string, readonly string[]>
}

/**
 * Refs of the entries that need a node, directly or not, sorted. Optional needs count too.
 * When the budget is used up, only those that need it directly.
 */
export function findDependents(id: string, { index, users }: Users, budget: StepBudget): string[] {
  const seen = new Set([id, ...(budget.left > 0 ? [] : (users.get(id) ?? []))])
  if (budget.left > 0) {
    for (const each of seen) {
      budget.left -= 1
      for (const user of users.get(each) ?? []) seen.add(user)
    }
  }
  seen.delete(id)
  const isEntry = (each: string) => {
    const node = index.node(each)
    return node !== undefined && registryOf(node) !== undefined
  }
  return [...seen].filter(isEntry).sort()
}

/** A retired model is not ready. One with a date of retirement is ready, with a warning. */
function toModelCondition(id: string, { snapshot, today, replacementOf }: Facts): ReadinessCondition {
  const model = entryAt<Model>(id, 'models', entriesOf(snapshot, 'models'))
  if (model === undefined) return ready()
  const { status, retires_on: end } = model
  if (isRetired(model, today)) {
    const reason =
      status === 'retired' && (end === undefined || end > today) ? 'it is retired' : `it retired on ${end}`
    return notReady(reason, toFix(`Use ${replacementOf(model)}`))
  }
  if (status === 'deprecated') {
    const when = end === undefined ? '' : ` and retires on ${end}`
    return ready(`it is deprecated${when}: use ${replacementOf(model)}`)
  }
  if (end !== undefined) {
    return ready(`it retires on ${end}: from then on, use ${replacementOf(model)}`)
  }
  const missing = toMissingModelCondition(id, model, snapshot)
  if (missing !== undefined) return missing
  if (model.legacy === true) {
    return ready(`its provider advises to move on: use ${replacementOf(model)}`)
  }
  return status === 'preview' ? ready('it is a preview, and may change without notice') : ready()
}

/** Whether a credential is here, and what the provider said of it when it was asked. Its value is never read. */
function toProviderCondition(id: string, { credentials, snapshot }: Facts): ReadinessCondition {
  const provider = entryAt<Provider>(id, 'providers', entriesOf(snapshot, 'providers'))
  if (provider && isLocalRuntime(provider)) return toRuntimeCondition(provider)
  const credential = credentials.get(id)
  if (credential === undefined) return ready()
  if (credential.status === 'unconfigured') return notSetUp(credential.reason, toFix(credential.hint))
  const detected = hostedDetectionOf(provider ?? {})
  const variable = credential.status === 'configured' ? credential.variable : undefined
  // What was said of another variable says nothing of this one.
  if (detected !== undefined && detected.key_env === variable) {
    const { credential: said, reachable, reason } = detected
    if (said === 'rejected') return notReady(reason ?? 'its credential was rejected', replaceCredential)
    if (reachable === false) return notReady(reason ?? 'it does not respond', checkDeeply)
  }
  return credential.status === 'unknown' ? unknown(credential.reason, toFix(credential.hint)) : ready()
}

const replaceCredential = toFix(
  'Replace it by a valid one, and check it',
  'nexus-registry sync providers --deep',
)
const checkDeeply = toFix('Check your connection, and try again', 'nexus-registry sync providers --deep')

type ToCondition = (id: string, facts: Facts) => ReadinessCondition

const conditions: Partial<Record<NodeKind, ToCondition>> = {
  tool: toToolCondition,
  ml_framework: toToolCondition,
  provider: toProviderCondition,
  model: toModelCondition,
  microservice: (id, { health }) => health.get(id) ?? ready(),
  adapter: (id, { files }) => files.get(id) ?? ready(),
  plugin: (id, { files }) => files.get(id) ?? ready(),
  registry: toRegistryCondition,
  missing: toMissingCondition,
  unseen: toMissingCondition,
}

/** The condition of a node by itself. Components and what the dashboard shows depend only on their needs. */
function toCondition({ id, kind }: GraphNode, facts: Facts): ReadinessCondition {
  const broken = describeBroken(id, facts.snapshot)
  if (broken !== undefined) return notReady(broken, howToValidate(facts))
  const incompatible = facts.incompatible.get(id)
  if (incompatible !== undefined) return notReady(incompatible.reason, toFix(howToFit(incompatible)))
  return conditions[kind]?.(id, facts) ?? ready()
}

function howToFit({ registry, path, hint }: Incompatibility): string {
  return `${hint}: ${path.join('.')} in ${registryFiles[registry]}`
}

function describeBroken(id: string, { registries }: Snapshot): string | undefined {
  const ref = parseRef(id)
  if (ref === undefined || !isSubRegistry(ref.registry)) return undefined
  const registry = registries[ref.registry]
  return registry.quarantined.includes(ref.id) ? `its entry in ${registry.path} is broken` : undefined
}

function toRegistryCondition(id: string, facts: Facts): ReadinessCondition {
  const name = parseRegistryName(id)
  const registry = name && facts.snapshot.registries[name]
  if (registry === undefined || registry.state === 'ok') return ready()
  if (registry.state === 'hidden') return unknown(describeUnread(registry), howToSee([registry.name]))
  return notReady(describeUnread(registry), howToValidate(facts))
}

/** A missing name may be in a registry that could not be read. */
function toMissingCondition(id: string, facts: Facts): ReadinessCondition {
  const unread = listUnread(id, facts.snapshot)
  if (unread.length === 0) {
    return notReady(`nothing is called ${JSON.stringify(id)}`, {
      ...howToValidate(facts),
      text: 'See what refers to it',
    })
  }
  const hidden = unread.filter(({ state }) => state === 'hidden').map(({ name }) => name)
  if (hidden.length === unread.length) return unknown(describeAllUnread(unread), howToSee(hidden))
  return unknown(describeAllUnread(unread), howToValidate(facts))
}

function howToSee(hidden: readonly string[]): ReadinessFix {
  return toFix(`Use a token that may read ${hidden.join(' and ')}`)
}

function howToValidate({ snapshot }: Facts): ReadinessFix {
  return toFix('See the errors', `nexus-registry validate ${toShellWord(snapshot.home)}`)
}
