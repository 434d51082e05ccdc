import type { RegistryName } from './schema/names.ts'
import type { Snapshot } from './snapshot.ts'

/** How many sound entries a registry has: what the dashboard shows, which registries the hyper registry names. */
export function countEntries(snapshot: Pick<Snapshot, 'registries'>, name: RegistryName): number {
  const { dashboard, hyper } = snapshot.registries
  if (name === 'hyper') return Object.keys(hyper.content?.sub_registries ?? {}).length
  if (name !== 'dashboard') return countKeys(snapshot.registries[name].content ?? {})
  if (dashboard.content === undefined) return 0
  const { tools, providers, metrics } = dashboard.content.sections
  const groups = [tools.entries, providers.entries, metrics.system ?? {}, metrics.orchestrator ?? {}]
  return groups.reduce((sum, group) => sum + Object.keys(group).length, 0)
}

const counts = new WeakMap<object, number>()

// Counting 20,000 keys takes milliseconds, and a server tells the number with each look at its health.
function countKeys(content: object): number {
  const count = counts.get(content) ?? Object.keys(content).length
  counts.set(content, count)
  return count
}
