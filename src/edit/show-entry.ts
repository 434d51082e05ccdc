import { loadJournal } from '../journal/journal.ts'
import { type JournalChange, listChanges } from '../journal/list-changes.ts'
import { createPositionIndex } from '../lib/json/json-node.ts'
import { isJsonObject, isSameJson, listChangedKeys, valueAt } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { Host, UserFilesHost } from '../platform/host.ts'
import { withoutDetection } from '../registry/entries.ts'
import { indexEntryNames } from '../registry/entry-names.ts'
import { type HomeFile, readHomeFiles, toHomeContent } from '../registry/home/update-home.ts'
import { rangeOf } from '../registry/load/diagnose.ts'
import { isLocalModel, withLocalModels } from '../registry/local-models.ts'
import { parseRef, toRef } from '../registry/refs.ts'
import { writtenMark } from '../registry/schema/common.ts'
import { registryNames } from '../registry/schema/names.ts'
import { loadShippedDocuments } from '../upgrade/shipped-documents.ts'
import { type EditedHome, type EntryTarget, findEntryTarget, readEditedHome } from './edited-home.ts'

/** One entry, with where it came from. */
export interface ShownEntry {
  readonly ref: string
  /** Absolute path; null of a model of a local runtime and of what only the catalog has. */
  readonly file: string | null
  readonly line: number | null
  readonly origin: EntryOrigin
  /** The last edit of it that the journal knows. */
  readonly last_edit: { readonly time: string; readonly by: string } | null
  readonly entry: Readonly<Record<string, unknown>>
}

/** Where an entry came from. */
export interface EntryOrigin {
  /**
   * `shipped`: with the program. `upstream`: from the upstream of its registry. `local`: a local runtime has it. `added`: to
   * this home, by somebody. `catalog`: it is in no registry, and `add` would add it.
   */
  readonly kind: 'shipped' | 'upstream' | 'local' | 'added' | 'catalog'
  /** Version of the program that shipped it; null of others. */
  readonly version: string | null
  /** Address of the upstream, ref of the local runtime, or `http-api` of what was written over HTTP; null of others. */
  readonly from: string | null
  /** Fields of a shipped entry that differ from it, and were not imported. */
  readonly edited: readonly string[]
  /** Fields that have the value that was imported, with where and when. */
  readonly imported: Readonly<Record<string, { readonly url: string; readonly retrieved_on: string }>>
}

type ShowHost = UserFilesHost & Pick<Host, 'programRoot'>

/** The entry that a name means in a home, else in the catalog. Throws a NexusError when there is none. */
export async function showEntry(name: string, directory: string, host: ShowHost): Promise<ShownEntry> {
  const files = await readHomeFiles(directory, registryNames, host)
  const home = readEditedHome(toHomeContent(files))
  const found = home.names.find(name)
  if (found.kind === 'unknown') {
    const elsewhere = findLocalModel(name, home) ?? (await findKnown(name, home, host))
    if (elsewhere !== undefined) return elsewhere
  }
  // Of an id that several registries have, the first one is shown.
  const target =
    found.kind === 'entry' ? { ...found.entry, path: [found.entry.id] } : findEntryTarget(name, home)
  const value = valueAt(home.documents.get(target.registry), target.path)
  const entry = isJsonObject(value) ? value : {}
  const [origin, records] = await Promise.all([
    findEntryOrigin(target, entry, directory, host),
    loadJournal(directory, host).catch(() => []),
  ])
  const [edit] = listChanges(records, { kind: 'edit', ref: target.ref })
  return { ref: target.ref, ...findPlace(target, files), origin, last_edit: toLastEdit(edit), entry }
}

function toLastEdit(edit: JournalChange | undefined): ShownEntry['last_edit'] {
  return edit?.kind === 'edit' ? { time: edit.time, by: edit.by } : null
}

/** What the catalog knows by a name that nothing here has. */
async function findKnown(
  name: string,
  { snapshot }: EditedHome,
  host: ShowHost,
): Promise<ShownEntry | undefined> {
  const { withKnownEntry } = await import('../catalog/with-known-entry.ts')
  const known = await withKnownEntry(name, snapshot, host)
  const match = known?.isAdded ? parseRef(known.ref) : undefined
  if (known === undefined || match === undefined) return undefined
  const entry = valueAt(known.snapshot.registries[match.registry].content, [match.id])
  if (!isJsonObject(entry)) return undefined
  const origin = { kind: 'catalog', version: null, from: null, edited: [], imported: {} } as const
  return { ref: known.ref, file: null, line: null, origin, last_edit: null, entry }
}

/** Undefined for what a file has: an entry of the registry with the facts of a runtime is that entry. */
function findLocalModel(name: string, { snapshot, hasEntry }: EditedHome): ShownEntry | undefined {
  const extended = withLocalModels(snapshot)
  const match = indexEntryNames(extended.registries).find(name)
  if (match.kind !== 'entry' || match.entry.registry !== 'models' || hasEntry('models', match.entry.id))
    return undefined
  const { id, ref } = match.entry
  const entry = extended.registries.models.content?.[id]
  if (entry === undefined || !isLocalModel(entry)) return undefined
  const from = toRef('providers', entry.provider)
  const origin = { kind: 'local', version: null, from, edited: [], imported: {} } as const
  return { ref, file: null, line: null, origin, last_edit: null, entry: { ...entry } }
}

function findPlace({ registry, path }: EntryTarget, files: readonly HomeFile[]) {
  const file = files.find(({ name }) => name === registry)
  const root = parseJson(file?.text ?? '').root
  if (file?.text === undefined || root === undefined) return { file: file?.path ?? null, line: null }
  const { start } = rangeOf(root, { path, isAboutKey: true })
  return { file: file.path, line: createPositionIndex(file.text)(start).line }
}

async function findEntryOrigin(
  { registry, path }: EntryTarget,
  entry: Readonly<Record<string, unknown>>,
  directory: string,
  host: ShowHost,
): Promise<EntryOrigin> {
  const imported = listImported(entry)
  const mark = entry['x-upstream']
  const from = typeof mark === 'string' ? mark : null
  if (from !== null && from !== writtenMark)
    return { kind: 'upstream', version: null, from, edited: [], imported }
  const own = withoutDetection(entry)
  const shipped = (await loadShippedDocuments(registry, directory, host)).flatMap(({ version, document }) => {
    const value = valueAt(document, path)
    if (value === undefined) return []
    return [{ version, edited: listDifferentFields(withoutDetection(value), own) }]
  })
  // The version that is most like it, and of those the newest.
  const [nearest] = shipped.toReversed().sort((left, right) => left.edited.length - right.edited.length)
  if (nearest === undefined) return { kind: 'added', version: null, from, edited: [], imported }
  const edited = nearest.edited.filter(field => !Object.hasOwn(imported, field))
  return { kind: 'shipped', version: nearest.version, from, edited, imported }
}

// Said beside the fields.
const marks: readonly string[] = ['x-source', 'x-price-history', 'x-upstream']

function listDifferentFields(before: unknown, after: unknown): string[] {
  return listChangedKeys(before, after).filter(key => !marks.includes(key))
}

function listImported(entry: Readonly<Record<string, unknown>>): EntryOrigin['imported'] {
  const fields = valueAt(entry, ['x-source', 'fields'])
  const found = Object.entries(isJsonObject(fields) ? fields : {}).flatMap(([field, source]) => {
    const [url, day, value] = ['url', 'retrieved_on', 'value'].map(key => valueAt(source, [key]))
    const isKept = typeof url === 'string' && typeof day === 'string' && isSameJson(entry[field], value)
    return isKept ? [[field, { url, retrieved_on: day }] as const] : []
  })
  return Object.fromEntries(found)
}
