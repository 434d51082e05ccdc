import { groupBy } from '../graph/graph.ts'
import type { Edit, EditPlan } from '../journal/commit-edit.ts'
import { NexusError } from '../lib/errors.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { registryNames } from '../registry/schema/names.ts'
import { changeDocuments, type DocumentChange, keepVariables, requireLasting } from './change-documents.ts'
import { type EditedHome, type EntryTarget, findEntryTarget, readEditedHome } from './edited-home.ts'
import { type EntryReference, listEntryReferences, toFieldName, toHolderName } from './references.ts'
import { applyRegistryEdits, planCounts } from './registry-edits.ts'

/** An entry that names another one. */
interface Dependent {
  /** Ref, or the name of an edge. */
  readonly ref: string
  /** Field that has the name; empty where its key is the name. */
  readonly field: string
  /** Refs that it names. */
  readonly names: readonly string[]
  /** Whether it cannot exist without them. */
  readonly isRemoved: boolean
}

/** What a removal changes. */
export interface RemovalPlan extends EditPlan {
  readonly removed: readonly string[]
  /** What depends on it: removed too or changed with --cascade; without it nothing is removed. */
  readonly dependents: readonly Dependent[]
  readonly isRefused: boolean
}

export interface RemovalRequest {
  /** Refs or any other names of entries. */
  readonly names: readonly string[]
  /** Whether what depends on them may change. */
  readonly isCascade: boolean
}

/** A removal as an edit. */
export function toRemovalEdit(request: RemovalRequest): Edit<RemovalPlan> {
  return { command: 'remove', names: registryNames, plan: async texts => planRemoval(texts, request) }
}

/**
 * Plans to remove entries with all that belongs to them: dashboard entries, counts, their edges. Throws a NexusError for a name
 * that means none or several, and for what an upstream would bring back.
 */
export function planRemoval(texts: HomeContent, { names, isCascade }: RemovalRequest): RemovalPlan {
  const home = readEditedHome(texts)
  const targets = names.map(name => requireRemovable(findEntryTarget(name, home)))
  const removed = new Map(targets.map(target => [target.ref, target]))
  const broken = findBroken(removed, home)
  const going = new Set(
    broken
      .filter(({ isOwn, without }) => isOwn && without === 'no holder')
      .map(reference => toHolderName(reference, home)),
  )
  const dependents = broken
    .filter(({ isOwn }) => !isOwn)
    .map(reference => toDependent(reference, home))
    .filter(({ ref }) => !going.has(ref))
  const plan = { removed: [...removed.keys()], dependents: mergeDependents(dependents) }
  if (dependents.length > 0 && !isCascade) return { ...plan, isRefused: true, texts: new Map() }
  const all = [...removed.values(), ...listCascade(broken, removed, home)]
  const changes: DocumentChange[] = [
    ...all.map(({ registry, path }) => ({ registry, path, value: undefined })),
    ...broken.flatMap(toChanges),
  ]
  const changed = changeDocuments(changes, texts, home.documents)
  const counts = planCounts([...new Set(all.map(({ ref }) => ref))], home.documents, -1)
  const counted = new Map([...changed, ...applyRegistryEdits(counts, new Map([...texts, ...changed]))])
  const kept = keepVariables(counted, home)
  requireLasting(kept, home.documents)
  return { ...plan, isRefused: false, texts: kept }
}

function requireRemovable(target: EntryTarget): EntryTarget {
  const { registry, path, id } = target
  if (registry !== 'dashboard' || path[1] === 'metrics') return target
  throw new NexusError('usage', `${target.ref} goes with the entry that it shows`, {
    hint: `Remove that: nexus-registry remove ${id}`,
  })
}

/** References that mean nothing when these entries are gone, and those that cannot exist without them. */
function findBroken(removed: ReadonlyMap<string, EntryTarget>, home: EditedHome): EntryReference[] {
  const references = listEntryReferences(home)
  const gone = new Set(removed.keys())
  const broken = new Set<EntryReference>()
  for (let size = -1; size !== gone.size; ) {
    size = gone.size
    for (const reference of references) {
      const { targets, without } = reference
      if (broken.has(reference) || targets.length === 0 || !targets.every(ref => gone.has(ref))) continue
      broken.add(reference)
      if (without === 'no holder') gone.add(toHolderName(reference, home))
    }
  }
  return [...broken].filter(reference => !removed.has(toHolderName(reference, home)))
}

function toDependent(reference: EntryReference, home: EditedHome): Dependent {
  return {
    ref: toHolderName(reference, home),
    field: toFieldName(reference),
    names: reference.targets,
    isRemoved: reference.without === 'no holder',
  }
}

/** One for each entry that is removed, and for each field of the others. */
function mergeDependents(dependents: readonly Dependent[]): Dependent[] {
  const gone = new Set(dependents.filter(({ isRemoved }) => isRemoved).map(({ ref }) => ref))
  const shown = dependents.filter(({ ref, isRemoved }) => isRemoved || !gone.has(ref))
  const groups = groupBy(shown, ({ ref, field, isRemoved }) => (isRemoved ? ref : `${ref} ${field}`))
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const names = [first, ...others].flatMap(each => each.names)
    return [{ ...first, names: [...new Set(names)] }]
  })
}

/** Entries that are removed besides those that were named. */
function listCascade(
  broken: readonly EntryReference[],
  removed: ReadonlyMap<string, EntryTarget>,
  home: EditedHome,
): EntryTarget[] {
  return broken.flatMap((reference): EntryTarget[] => {
    const { registry, holder, without } = reference
    const ref = toHolderName(reference, home)
    if (without !== 'no holder' || registry === 'hyper' || removed.has(ref)) return []
    return [{ ref, registry, path: holder.map(String), id: String(holder.at(-1)) }]
  })
}

function toChanges({ registry, holder, path, without, also = [] }: EntryReference): DocumentChange[] {
  const places = without === 'no holder' ? [holder] : [path, ...also.map(field => [...holder, field])]
  return places.map(place => ({ registry, path: place, value: undefined }))
}
