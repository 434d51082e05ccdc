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
import { createNeeds, evaluateNeeds, indexUsers, type Needs } from './needs.ts'
import {
  createWork,
  type Explanation,
  notReady,
  type ReadinessCondition,
  ready,
  unknown,
  type Work,
} from './readiness.ts'
import { entryAt, toToolCondition } from './tool-condition.ts'

/** How usable things are, and why. */
export interface SnapshotReadiness {
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
export function evaluateSnapshot(roots: readonly string[], graph: Graph, facts: Facts): SnapshotReadiness {
  const index = createGraphIndex(graph)
  const needsOf = needsIn(index, facts.snapshot)
  const refs = reach(roots, needsOf)
  const asked = graph.nodes.filter(({ id }) => refs.has(id))
  const conditions = new Map(asked.map(node => [node.id, toCondition(node, facts)]))
  const conditionOf = (id: string) => conditions.get(id) ?? ready()
  const statuses = evaluateNeeds([...refs], conditionOf, needsOf)
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

interface Users {
  readonly index: GraphIndex
  /** Which nodes have a node among what they need. */
  readonly users: ReadonlyMap<string, readonly string[]>
}

/**
 * Refs of the entries that cannot work without a node, directly or not, sorted. Where any one would do, it counts too.
 * When all work is done, only those that need it directly.
 */
export function findDependents(id: string, { index, users }: Users, work: Work): string[] {
  const seen = new Set([id, ...(work.left > 0 ? [] : (users.get(id) ?? []))])
  if (work.left > 0) {
    for (const each of seen) {
      work.left -= 1
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

/** A model that is retired does not answer any more; one that will be still does, and says so. */
function toModelCondition(id: string, { snapshot, today, replacementOf }: Facts): ReadinessCondition {
  const model = entryAt<Model>(id, 'models', entriesOf(snapshot, 'models'))
  if (model === undefined) return ready()
  const { status, retires_on: end } = model
  if (isRetired(model, today)) {
    const reason =
      status === 'retired' && (end === undefined || end > today) ? 'it is retired' : `it retired on ${end}`
    return notReady(reason, `Use ${replacementOf(model)}`)
  }
  if (status === 'deprecated') {
    const when = end === undefined ? '' : ` and retires on ${end}`
    return ready(`it is deprecated${when}: use ${replacementOf(model)}`)
  }
  if (end !== undefined) {
    return ready(`it retires on ${end}: from then on, use ${replacementOf(model)}`)
  }
  return status === 'preview' ? ready('it is a preview, and may change without notice') : ready()
}

/** Whether the variable with the key is set. The key itself is never looked at. */
function toProviderCondition(id: string, { snapshot, keyOf }: Facts): ReadinessCondition {
  const provider = entryAt<Provider>(id, 'providers', entriesOf(snapshot, 'providers'))
  const key = provider && keyOf(provider)
  if (key?.kind === 'unset') return notReady(key.reason, key.hint)
  return key?.kind === 'unnamed' ? unknown(key.reason, key.hint) : ready()
}

type ToCondition = (id: string, facts: Facts) => ReadinessCondition

const conditions: Partial<Record<NodeKind, ToCondition>> = {
  tool: toToolCondition,
  ml_framework: toToolCondition,
  provider: toProviderCondition,
  model: toModelCondition,
  microservice: (id, { health }) => health.get(id) ?? ready(),
  registry: toRegistryCondition,
  missing: toMissingCondition,
  unseen: toMissingCondition,
}

/** What a node is by itself. Plug-ins, adapters and components are as good as what they need. */
function toCondition({ id, kind }: GraphNode, facts: Facts): ReadinessCondition {
  const broken = describeBroken(id, facts.snapshot)
  if (broken !== undefined) return notReady(broken, `See what is wrong with it: ${howToValidate(facts)}`)
  const incompatible = facts.incompatible.get(id)
  if (incompatible !== undefined) return notReady(incompatible.reason, howToFit(incompatible))
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
  return notReady(describeUnread(registry), `See what is wrong with it: ${howToValidate(facts)}`)
}

/** What is named and is nowhere may stand in a registry that nobody could read. */
function toMissingCondition(id: string, facts: Facts): ReadinessCondition {
  const unread = listUnread(id, facts.snapshot)
  if (unread.length === 0) {
    return notReady(`nothing is called ${JSON.stringify(id)}`, `See what names it: ${howToValidate(facts)}`)
  }
  const hidden = unread.filter(({ state }) => state === 'hidden').map(({ name }) => name)
  if (hidden.length === unread.length) return unknown(describeAllUnread(unread), howToSee(hidden))
  const reason = `nobody can tell, for ${describeAllUnread(unread)}`
  return unknown(reason, `See what is wrong: ${howToValidate(facts)}`)
}

function howToSee(hidden: readonly string[]): string {
  return `Ask with a token that may read ${hidden.join(' and ')}`
}

function howToValidate({ snapshot }: Facts): string {
  return `nexus-registry validate ${toShellWord(snapshot.home)}`
}
