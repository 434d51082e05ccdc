import type { Host } from '../platform/host.ts'
import { recallReadiness } from '../readiness/explain.ts'
import { indexEntryNames } from '../registry/entry-names.ts'
import { loadRegistry } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { withLocalModels } from '../registry/local-models.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { countEntries, type LoadedRegistry, listLoadProblems, type Snapshot } from '../registry/snapshot.ts'
import { explainAmbiguousName, explainUnknownName } from '../registry/unknown-name.ts'
import {
  chooseColumns,
  type EntryColumn,
  entryColumns,
  type ListedEntry,
  listEntries,
  toCell,
  withReadiness,
} from './entry-columns.ts'

export interface Listing {
  /** What `--json` prints. */
  readonly data: readonly unknown[]
  /** The same where it is about the entries of a registry; else empty. */
  readonly entries: readonly ListedEntry[]
  readonly columns: readonly EntryColumn[]
  readonly rows: readonly (readonly string[])[]
  /** Sentences about what could not be listed, and why. */
  readonly warnings: readonly string[]
}

const registryColumns: readonly EntryColumn[] = [
  { heading: 'registry', fields: ['registry'] },
  { heading: 'entries', fields: ['entries'], align: 'right' },
  { heading: 'expected', fields: ['expected'], align: 'right' },
  { heading: 'status', fields: ['status'] },
  { heading: 'description', fields: ['description'] },
  { heading: 'file', fields: ['file'] },
]

export interface ListRequest {
  /** Registry home. */
  readonly directory: string
  /** The registry whose entries are listed; undefined for the registries themselves. */
  readonly registry: RegistryName | undefined
  /** Directory of the platform, absolute. */
  readonly platformRoot?: string | undefined
}

/** Lists the registries of a home, or the entries of one of them with their readiness. Starts no probe. */
export async function listHome(
  { directory, registry, platformRoot }: ListRequest,
  host: Host,
): Promise<Listing> {
  if (registry === 'hyper' || registry === 'dashboard') {
    const loaded = await loadRegistry(registry, directory, host)
    return toListing(
      { data: listEntries(loaded), columns: entryColumns[registry], read: [loaded] },
      host.clock.now(),
    )
  }
  const snapshot = await loadSnapshot(directory, host)
  if (registry === undefined) {
    const all = registryNames.map(name => snapshot.registries[name])
    return toListing(
      { data: listRegistries(snapshot), columns: registryColumns, read: all },
      host.clock.now(),
    )
  }
  const shown = withLocalModels(snapshot)
  const loaded = shown.registries[registry]
  const columns = entryColumns[registry]
  const statuses = await recallReadiness([registry], { snapshot: shown, platformRoot }, host)
  const data = withReadiness(listEntries(loaded), registry, statuses)
  return toListing({ data, entries: data, columns, read: [loaded] }, host.clock.now())
}

/** The one entry that a name means, as its registry is listed. Throws a NexusError('usage') when it means none. */
export async function listNamedEntry(
  { directory, name, platformRoot }: Omit<ListRequest, 'registry'> & { readonly name: string },
  host: Host,
): Promise<Listing> {
  const snapshot = withLocalModels(await loadSnapshot(directory, host))
  const names = indexEntryNames(snapshot.registries)
  const match = names.find(name)
  if (match.kind === 'ambiguous') throw explainAmbiguousName(name, match.refs)
  if (match.kind === 'unknown') {
    const hint = `Registries are ${registryNames.join(', ')}`
    throw explainUnknownName(name, [...registryNames, ...names.names], snapshot, hint)
  }
  const { registry, id } = match.entry
  const loaded = snapshot.registries[registry]
  const statuses = await recallReadiness([registry], { snapshot, platformRoot }, host)
  const data = withReadiness(
    listEntries(loaded).filter(entry => entry.id === id),
    registry,
    statuses,
  )
  return toListing({ data, columns: entryColumns[registry], read: [loaded] }, host.clock.now())
}

interface Listed extends Pick<Listing, 'data' | 'columns'>, Partial<Pick<Listing, 'entries'>> {
  /** The registries that were read for it. */
  readonly read: readonly LoadedRegistry[]
}

function toListing({ data, entries = [], columns, read }: Listed, now: number): Listing {
  const shown = chooseColumns(columns, data)
  const rows = data.map(entry => shown.map(column => toCell(entry, column, now)))
  return { data, entries, columns: shown, rows, warnings: listLoadProblems(read, now) }
}

/** One row of `list`. */
interface RegistrySummary {
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
