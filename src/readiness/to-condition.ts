import type { GraphNode, NodeKind } from '../graph/graph.ts'
import { toShellWord } from '../lib/shell/to-shell-word.ts'
import type { Incompatibility } from '../registry/components/find-incompatible.ts'
import { parseRef, parseRegistryName } from '../registry/refs.ts'
import { isSubRegistry, registryFiles } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { describeAllUnread, describeUnread, listUnread } from '../registry/unread-registries.ts'
import { type Condition, notReady, ready, unknown } from './condition.ts'
import type { Facts } from './facts.ts'
import { toModelCondition } from './model-condition.ts'
import { toProviderCondition } from './provider-condition.ts'
import { toToolCondition } from './tool-condition.ts'

type ToCondition = (id: string, facts: Facts) => Condition

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
export function toCondition({ id, kind }: GraphNode, facts: Facts): Condition {
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

function toRegistryCondition(id: string, facts: Facts): Condition {
  const name = parseRegistryName(id)
  const registry = name && facts.snapshot.registries[name]
  if (registry === undefined || registry.state === 'ok') return ready()
  if (registry.state === 'hidden') return unknown(describeUnread(registry), howToSee([registry.name]))
  return notReady(describeUnread(registry), `See what is wrong with it: ${howToValidate(facts)}`)
}

/** What is named and is nowhere may stand in a registry that nobody could read. */
function toMissingCondition(id: string, facts: Facts): Condition {
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
