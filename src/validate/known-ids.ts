import { entryIds } from '../registry/components/components.ts'
import { type SubRegistryName, subRegistryNames } from '../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import type { KnownIds } from './rule.ts'

/** Reads which entries a snapshot knows. What could not be read may hold anything. */
export function toKnownIds(snapshot: Pick<Snapshot, 'registries'>): KnownIds {
  const index = new Map<string, ReadonlySet<string>>(
    subRegistryNames.map(registry => [registry, new Set(entryIds(snapshot, registry))]),
  )
  const aliases = new Set(Object.values(entriesOf(snapshot, 'models')).flatMap(model => model.aliases ?? []))
  const ids = (registry: SubRegistryName) => index.get(registry) ?? new Set<string>()
  return {
    ids,
    mayExist: (registry, id) =>
      snapshot.registries[registry].state !== 'ok' ||
      ids(registry).has(id) ||
      (registry === 'models' && aliases.has(id)),
  }
}
