import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import { type Components, createComponents } from '../registry/components/components.ts'
import { toDashboardRef } from '../registry/dashboard-items.ts'
import { type EntryNames, indexEntryNames } from '../registry/entry-names.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { withLocalModels } from '../registry/local-models.ts'
import { toRef } from '../registry/refs.ts'
import {
  type RegistryName,
  registryFiles,
  type SubRegistryName,
  subRegistryNames,
} from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { explainAmbiguousName, explainUnknownName } from '../registry/unknown-name.ts'
import { createSnapshot, parseText } from '../validate/validate-content.ts'
import { type RegistryDocuments, readDocuments } from './registry-edits.ts'

/** The content of a home that is about to be edited, with what its names mean. */
export interface EditedHome {
  readonly texts: HomeContent
  /** As they stand in the files, valid or not. */
  readonly documents: RegistryDocuments
  readonly snapshot: Snapshot
  readonly components: Components
  readonly names: EntryNames
  hasEntry(registry: SubRegistryName, id: string): boolean
  /** Group of a metric of the dashboard; undefined when there is none with this id. */
  metricGroup(id: string): string | undefined
}

/** Reads the texts of all nine registries. Throws a NexusError('input') for a text that is no JSON object. */
export function readEditedHome(texts: HomeContent): EditedHome {
  const documents = readDocuments(texts)
  const snapshot = createSnapshot(name => parseText(name, texts.get(name), registryFiles[name]))
  const metrics = valueAt(documents.get('dashboard'), ['sections', 'metrics'])
  return {
    texts,
    documents,
    snapshot,
    components: createComponents(snapshot),
    names: indexEntryNames(snapshot.registries),
    hasEntry: (registry, id) => id !== '$schema' && valueAt(documents.get(registry), [id]) !== undefined,
    metricGroup: id => metricGroups.find(group => valueAt(metrics, [group, id]) !== undefined),
  }
}

const metricGroups = ['system', 'orchestrator'] as const

/** An entry that a command is about, and where it stands. */
export interface EntryTarget {
  readonly ref: string
  readonly registry: RegistryName
  readonly path: readonly string[]
  readonly id: string
}

/**
 * The entry that a name means: by any name of an entry, or a ref of the dashboard. An id that several registries have has to
 * be a ref: what is changed should be said. Throws a NexusError('usage') that names the nearest, or all that it means.
 */
export function findEntryTarget(name: string, home: EditedHome): EntryTarget {
  const shown = listShownEntries(home)
  const match = home.names.find(name)
  if (match.kind === 'ambiguous') throw explainAmbiguousName(name, match.refs)
  const rivals = subRegistryNames.filter(registry => home.hasEntry(registry, name))
  if (rivals.length > 1)
    throw explainAmbiguousName(
      name,
      rivals.map(registry => toRef(registry, name)),
    )
  if (match.kind === 'entry') {
    const { registry, id, ref } = match.entry
    return { ref, registry, path: [id], id }
  }
  const found = shown.find(({ ref, id, path }) => ref === name || (path[1] === 'metrics' && id === name))
  if (found) return found
  const local = indexEntryNames(withLocalModels(home.snapshot).registries).find(name)
  const hint =
    local.kind === 'entry'
      ? `${local.entry.ref} is a model of a local runtime, and stands in no registry file`
      : 'List everything: nexus-registry graph'
  const refs = subRegistryNames.flatMap(registry =>
    Object.keys(home.documents.get(registry) ?? {}).map(id => toRef(registry, id)),
  )
  const known = local.kind === 'entry' ? [] : [...home.names.names, ...refs, ...shown.map(({ ref }) => ref)]
  throw explainUnknownName(name, known, home.snapshot, hint)
}

/** What the dashboard shows, valid or not. */
function listShownEntries({ documents }: EditedHome): EntryTarget[] {
  const dashboard = documents.get('dashboard')
  const places = [
    { section: 'tools', parent: ['sections', 'tools', 'entries'] },
    { section: 'providers', parent: ['sections', 'providers', 'entries'] },
    ...metricGroups.map(group => ({ section: 'metrics', parent: ['sections', 'metrics', group] }) as const),
  ] as const
  return places.flatMap(({ section, parent }) => {
    const entries = valueAt(dashboard, parent)
    return Object.keys(isJsonObject(entries) ? entries : {}).map((id): EntryTarget => {
      return { ref: toDashboardRef(section, id), registry: 'dashboard', path: [...parent, id], id }
    })
  })
}
