import { parseDetection } from '../lib/shell/command-line.ts'
import { otherModelNames } from './local-models.ts'
import { parseRef, type Ref, toRef } from './refs.ts'
import type { SubRegistryName } from './schema/names.ts'
import type { LoadedRegistry } from './snapshot.ts'

/** The sub-registries in the order in which a name is searched in them. */
export const searchedRegistryNames = [
  'tools',
  'ml_frameworks',
  'providers',
  'models',
  'plugins',
  'microservices',
  'adapters',
] as const satisfies readonly SubRegistryName[]

/** An entry that a name means. */
export interface NamedEntry {
  readonly registry: SubRegistryName
  readonly id: string
  readonly ref: Ref
}

/** What a name means: one entry, several of one registry, or nothing. */
export type NameMatch =
  | { readonly kind: 'entry'; readonly entry: NamedEntry }
  | { readonly kind: 'ambiguous'; readonly refs: readonly Ref[] }
  | { readonly kind: 'unknown' }

export interface EntryNames {
  /**
   * The entry that a name means. Ranks come first: ref, id, alias, executable, import name or distribution, display
   * name without case; then the order of `searchedRegistryNames`. Entries of one registry and rank are ambiguous.
   */
  find(name: string): NameMatch
  /** Like `find`, for refs and ids alone. */
  findExact(name: string): NameMatch
  /** Names of every rank, each once, in the order of the ranks. */
  readonly names: readonly string[]
}

type NamedRegistries = Readonly<Partial<Record<SubRegistryName, NamedRegistry>>>

interface NamedRegistry extends Pick<LoadedRegistry, 'quarantined'> {
  readonly content: Readonly<Record<string, NamedFields>> | undefined
}

/** Indexes the names of all entries of these registries, for any number of searches. Broken entries have their id. */
export function indexEntryNames(registries: NamedRegistries): EntryNames {
  const ids: NameRank = new Map()
  const further: readonly NameRank[] = [new Map(), new Map(), new Map(), new Map()]
  const labels = further.at(-1)
  for (const registry of searchedRegistryNames) {
    const { quarantined = [], content } = registries[registry] ?? {}
    for (const id of quarantined) addName(ids, id, { registry, id, ref: toRef(registry, id) })
    for (const [id, fields] of Object.entries(content ?? {})) {
      const entry = { registry, id, ref: toRef(registry, id) }
      addName(ids, id, entry)
      addFurtherNames(further, fields, entry)
    }
  }
  addOtherModelNames(ids, registries.models?.content ?? {})
  const findExact = (name: string): NameMatch => findByRef(name, ids) ?? toMatch(ids.get(name))
  return {
    findExact,
    find: name => {
      const exact = findExact(name)
      if (exact.kind !== 'unknown') return exact
      const matches = further.map(rank => toMatch(rank.get(rank === labels ? name.toLowerCase() : name)))
      return matches.find(({ kind }) => kind !== 'unknown') ?? exact
    },
    names: [...new Set([ids, ...further].flatMap(rank => [...rank.keys()]))],
  }
}

type NameRank = Map<string, NamedEntry[]>

function addName(rank: NameRank, name: string, entry: NamedEntry): void {
  const known = rank.get(name)
  if (known === undefined) rank.set(name, [entry])
  else if (known.every(({ ref }) => ref !== entry.ref)) known.push(entry)
}

// The ids of entries come first: a model that has an id keeps it.
function addOtherModelNames(ids: NameRank, models: Readonly<Record<string, NamedFields>>): void {
  for (const [id, fields] of Object.entries(models))
    for (const name of otherModelNames(id, fields))
      if (!Object.hasOwn(models, name))
        addName(ids, name, { registry: 'models', id, ref: toRef('models', id) })
}

function addFurtherNames(ranks: readonly NameRank[], fields: NamedFields, entry: NamedEntry): void {
  for (const [index, names] of namesByRank(fields).entries()) {
    const rank = ranks[index]
    if (rank) for (const name of names) addName(rank, name, entry)
  }
}

function findByRef(name: string, ids: NameRank): NameMatch | undefined {
  const parts = parseRef(name)
  const entry = parts && ids.get(parts.id)?.find(({ registry }) => registry === parts.registry)
  return entry && { kind: 'entry', entry }
}

// The first registry wins: entries were added in the order of the search.
function toMatch(found: readonly NamedEntry[] | undefined): NameMatch {
  const [first] = found ?? []
  if (found === undefined || first === undefined) return { kind: 'unknown' }
  const rivals = found.filter(({ registry }) => registry === first.registry)
  if (rivals.length === 1) return { kind: 'entry', entry: first }
  return { kind: 'ambiguous', refs: rivals.map(({ ref }) => ref) }
}

/** The fields of an entry that name it. */
export interface NamedFields {
  readonly display_name?: string | undefined
  readonly aliases?: readonly string[] | undefined
  readonly detection?: string | undefined
  readonly probe?: string | undefined
  readonly import_name?: string | undefined
  readonly distribution?: readonly string[] | undefined
  readonly provider?: string | undefined
}

function namesByRank(entry: NamedFields): readonly (readonly string[])[] {
  const { display_name: label, aliases = [], import_name: module, distribution = [] } = entry
  return [
    aliases,
    listPrograms(entry),
    [...(module === undefined ? [] : [module]), ...distribution],
    label === undefined ? [] : [label.toLowerCase()],
  ]
}

/** The executable that an entry is detected by, if any. That of a device is another thing than the device. */
export function listPrograms({ detection, probe }: NamedFields): string[] {
  if (detection === undefined || probe === 'gpu' || probe === 'tpu') return []
  const parsed = parseDetection(detection)
  if (!parsed.ok || parsed.detection.kind === 'python') return []
  return [parsed.detection.kind === 'path' ? parsed.detection.program : parsed.detection.argv[0]]
}
