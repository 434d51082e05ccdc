import type { GraphNode, NodeKind } from '../../core/graph/graph.ts'
import { parseRef, parseRegistryName } from '../../core/refs.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import { isSubRegistry } from '../../schema/names.ts'
import { type Condition, notReady, ready } from './condition.ts'
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
  missing: id =>
    notReady(`nothing is called ${JSON.stringify(id)}`, 'See what names it: nexus-registry validate'),
}

/** What a node is by itself. Plug-ins, adapters and components are as good as what they need. */
export function toCondition({ id, kind }: GraphNode, facts: Facts): Condition {
  const broken = describeBroken(id, facts.snapshot)
  if (broken !== undefined) return notReady(broken, 'See what is wrong with it: nexus-registry validate')
  return conditions[kind]?.(id, facts) ?? ready()
}

function describeBroken(id: string, { registries }: Snapshot): string | undefined {
  const ref = parseRef(id)
  if (ref === undefined || !isSubRegistry(ref.registry)) return undefined
  const registry = registries[ref.registry]
  return registry.quarantined.includes(ref.id) ? `its entry in ${registry.path} is broken` : undefined
}

function toRegistryCondition(id: string, { snapshot }: Facts): Condition {
  const name = parseRegistryName(id)
  const registry = name && snapshot.registries[name]
  if (registry === undefined || registry.state === 'ok') return ready()
  const what = registry.state === 'missing' ? 'is not there' : 'cannot be read'
  return notReady(`${registry.path} ${what}`, 'See what is wrong with it: nexus-registry validate')
}
