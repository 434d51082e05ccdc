import type { Edit, EditPlan } from '../journal/commit-edit.ts'
import { NexusError } from '../lib/errors.ts'
import { renameKey } from '../lib/json/edit-json.ts'
import type { JsonPath } from '../lib/json/json-value.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { toRef } from '../registry/refs.ts'
import { idSchema } from '../registry/schema/common.ts'
import { isSubRegistry, type RegistryName, registryNames } from '../registry/schema/names.ts'
import { changeDocuments, keepVariables, requireLasting } from './change-documents.ts'
import { type EditedHome, type EntryTarget, findEntryTarget, readEditedHome } from './edited-home.ts'
import { type EntryReference, listEntryReferences, toHolderName, toMeaning } from './references.ts'

/** What a new id changes. */
export interface RenamePlan extends EditPlan {
  readonly from: string
  readonly to: string
  /** Entries whose references follow. */
  readonly followers: readonly string[]
}

export interface RenameRequest {
  /** Ref or any other name of an entry. */
  readonly name: string
  readonly newId: string
}

/** A new id as an edit. */
export function toRenameEdit(request: RenameRequest): Edit<RenamePlan> {
  return { command: 'rename', names: registryNames, plan: async texts => planRename(texts, request) }
}

/**
 * Plans another id for an entry: it keeps its place, its variable and all else, and references follow. Throws a NexusError for
 * an id that is not valid or exists, for what an upstream would undo, and where other names would mean something else.
 */
export function planRename(texts: HomeContent, { name, newId }: RenameRequest): RenamePlan {
  const home = readEditedHome(texts)
  const target = findEntryTarget(name, home)
  const to = requireFreeId(target, newId, home)
  const references = listEntryReferences(home).filter(each => isNameOf(each, target))
  const values = references.filter(({ isKey }) => !isKey)
  const changed = changeDocuments(
    values.map(each => ({ registry: each.registry, path: each.path, value: toNewText(each, target, newId) })),
    texts,
    home.documents,
  )
  const keys: readonly KeyChange[] = [
    { registry: target.registry, path: target.path, key: newId },
    ...references
      .filter(({ isKey }) => isKey)
      .map(each => ({
        registry: each.registry,
        path: each.path.map(String),
        key: toNewText(each, target, newId),
      })),
  ]
  const renamed = new Map<RegistryName, string>(changed)
  for (const { registry, path, key } of keys) {
    const text = renamed.get(registry) ?? texts.get(registry)
    if (text !== undefined) renamed.set(registry, renameKey(text, path, key))
  }
  const ids = new Map(target.registry === 'providers' ? [[target.id, newId]] : [])
  const kept = keepVariables(renamed, home, ids)
  requireLasting(kept, home.documents)
  requireSameMeanings(home, readEditedHome(new Map([...texts, ...kept])), { from: target.ref, to, keys })
  const followers = [...new Set(references.map(each => toHolderName(each, home)))]
  return { from: target.ref, to, followers, texts: kept }
}

function requireFreeId({ ref, registry, path, id }: EntryTarget, newId: string, home: EditedHome): string {
  if (registry === 'dashboard' && path[1] !== 'metrics') {
    throw new NexusError('usage', `${ref} has the id of the entry that it shows`, {
      hint: `Rename that: nexus-registry rename ${id} ${newId}`,
    })
  }
  if (!idSchema.safeParse(newId).success || newId === '$schema') {
    throw new NexusError('usage', `${JSON.stringify(newId)} is not an id like docker or gpt-4o`, {
      hint: 'Ids begin with a letter or digit, and have letters, digits and . _ : / @ + -',
    })
  }
  const isTaken = isSubRegistry(registry)
    ? home.hasEntry(registry, newId)
    : home.metricGroup(newId) !== undefined
  const to = `${ref.slice(0, ref.length - id.length)}${newId}`
  if (isTaken)
    throw new NexusError('input', `${to} exists already`, { hint: 'Choose another id, or remove it' })
  return to
}

// An alias or a capability means it as before.
function isNameOf({ targets, name }: EntryReference, { ref, id }: EntryTarget): boolean {
  return targets.includes(ref) && (name === id || name === ref)
}

function toNewText({ name, text }: EntryReference, { registry, id }: EntryTarget, newId: string): string {
  const own = name === id || !isSubRegistry(registry) ? newId : toRef(registry, newId)
  return own + text.slice(name.length)
}

/** A key that becomes another one. */
interface KeyChange {
  readonly registry: RegistryName
  readonly path: readonly string[]
  readonly key: string
}

interface Rename {
  readonly from: string
  readonly to: string
  readonly keys: readonly KeyChange[]
}

/** A new id can be a name that others use for something else, and the old one can be an alias of another entry. */
function requireSameMeanings(before: EditedHome, after: EditedHome, { from, to, keys }: Rename): void {
  const now = new Map(
    listEntryReferences(after).map(each => [toPlaceKey(each), toMeaning(each, after)] as const),
  )
  const different = listEntryReferences(before).find(reference => {
    const path = keys.reduce(
      (found, change) => toRenamedPath(reference.registry, found, change),
      reference.path,
    )
    const meaning = toMeaning(reference, before).split(' ')
    return (
      now.get(toPlaceKey({ ...reference, path })) !==
      meaning.map(each => (each === from ? to : each)).join(' ')
    )
  })
  if (different === undefined) return
  const holder = toHolderName(different, before)
  throw new NexusError('input', `with the id ${to}, ${holder} would refer to something else`, {
    hint: `It names ${different.text}: choose another id, or change it first`,
  })
}

// Not by their order: JavaScript lists keys that are numbers first.
function toPlaceKey({ registry, path }: Pick<EntryReference, 'registry' | 'path'>): string {
  return JSON.stringify([registry, path])
}

function toRenamedPath(registry: RegistryName, path: JsonPath, change: KeyChange): JsonPath {
  const isInside =
    registry === change.registry && change.path.every((part, index) => part === String(path[index]))
  return isInside ? path.with(change.path.length - 1, change.key) : path
}
