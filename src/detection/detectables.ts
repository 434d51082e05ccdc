import { detectedRegistryNames, type SubRegistryName } from '../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import type { Detectable } from './plan-target.ts'

/** Sound entries that can be looked for on the machine, tools first. */
export function detectablesOf(
  snapshot: { readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks'> },
  only: readonly SubRegistryName[] = detectedRegistryNames,
): Detectable[] {
  const tools = Object.entries(only.includes('tools') ? entriesOf(snapshot, 'tools') : {})
  const frameworks = Object.entries(
    only.includes('ml_frameworks') ? entriesOf(snapshot, 'ml_frameworks') : {},
  )
  return [
    ...tools.map(([id, entry]) => ({ registry: 'tools', id, entry }) as const),
    ...frameworks.map(([id, entry]) => ({ registry: 'ml_frameworks', id, entry }) as const),
  ]
}
