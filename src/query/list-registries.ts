import { countEntries } from '../registry/count-entries.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'

/** One row of `list`. */
export interface RegistrySummary {
  readonly registry: RegistryName
  readonly entries: number
  /** What the hyper registry expects; null where it says nothing. */
  readonly expected: number | null
  readonly status: LoadedRegistry['state']
  /** Ids of entries that are left out because they are broken. */
  readonly broken: readonly string[]
  readonly description: string | null
  readonly file: string
}

/** All nine registries in short. */
export function listRegistries(snapshot: Snapshot): RegistrySummary[] {
  const { hyper, dashboard } = snapshot.registries
  const own = { hyper: hyper.content?.name, dashboard: dashboard.content?.description }
  return registryNames.map(name => {
    const loaded = snapshot.registries[name]
    const isDocument = name === 'hyper' || name === 'dashboard'
    const listed = isDocument ? undefined : hyper.content?.sub_registries[name]
    return {
      registry: name,
      entries: countEntries(snapshot, name),
      expected: listed?.entries_count_expected ?? null,
      status: loaded.state,
      broken: loaded.quarantined,
      description: (isDocument ? own[name] : listed?.description) ?? null,
      file: loaded.path,
    }
  })
}
