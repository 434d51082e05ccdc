import { formatAge } from '../lib/text/format.ts'
import type { Diagnostic } from './diagnostic.ts'
import { parseRef } from './refs.ts'
import { mapNames, type RegistryName, registryNames, type SubRegistryName } from './schema/names.ts'
import type { RegistryContents } from './schema/registries.ts'

/** The registries that could not be read and may hold this name; for a ref only its own. */
export function listUnread(
  name: string,
  { registries }: Pick<Snapshot, 'registries'>,
): Pick<LoadedRegistry, 'name' | 'path' | 'state'>[] {
  const own = parseRef(name)?.registry
  const places = own === undefined ? registryNames : [own]
  return places.map(place => registries[place]).filter(({ state }) => state !== 'ok')
}

/** Whether an unknown name may be in a registry that the caller may not read. */
export function mayBeHidden(name: string, snapshot: Pick<Snapshot, 'registries'>): boolean {
  return listUnread(name, snapshot).some(({ state }) => state === 'hidden')
}

/** Why registries could not be read, a clause. */
export function describeAllUnread(
  unread: readonly Pick<LoadedRegistry, 'name' | 'path' | 'state'>[],
): string {
  const hidden = unread.filter(({ state }) => state === 'hidden').map(({ name }) => name)
  const others = unread.filter(({ state }) => state !== 'hidden').map(describeUnread)
  const unseen = hidden.length === 0 ? [] : [`sign in to see ${hidden.join(' and ')}`]
  return [...others, ...unseen].join(', and ')
}

/** Why a registry could not be read, a sentence without its full stop. */
export function describeUnread({
  name,
  path,
  state,
}: Pick<LoadedRegistry, 'name' | 'path' | 'state'>): string {
  if (state === 'hidden') return `sign in to see ${name}`
  return `${path} ${state === 'missing' ? 'is not there' : 'cannot be read'}`
}

/** One registry as it was read: its valid part, and diagnostics of the rest. */
export interface LoadedRegistry<Name extends RegistryName = RegistryName> {
  readonly name: Name
  /** Absolute path of the file; empty when it is hidden. */
  readonly path: string
  /**
   * Of the file. `failed`: as a whole it could not be used. Single broken entries are only left out of `content`.
   * `hidden`: the caller may not read it, and only its name is here (`toVisibleSnapshot`).
   */
  readonly state: 'ok' | 'missing' | 'failed' | 'hidden'
  /** The valid entries. Unless the state is ok those of the backup, and undefined when there is none. */
  readonly content: RegistryContents[Name] | undefined
  /** Text as it was read, for positions and edits; undefined when there was none. */
  readonly text: string | undefined
  /** SHA-256 of the very bytes that `content` is from. */
  readonly sha256: string | undefined
  /** Only there when `content` comes from the backup, and not from the file. */
  readonly copy?: CopyInUse
  /** Entries that are broken, left out of `content`: their ids, or JSON Pointers in the two documents. */
  readonly quarantined: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The backup that replaces a file. */
interface CopyInUse {
  /** When the file was last seen like this, milliseconds since 1970. */
  readonly seenAt: number
  /** SHA-256 of the file as it is; undefined when it cannot be read. */
  readonly fileSha256: string | undefined
}

/** All nine registries as they were at one time. Immutable. */
export interface Snapshot {
  /** Registry home, absolute. */
  readonly home: string
  readonly registries: { readonly [Name in RegistryName]: LoadedRegistry<Name> }
}

/** Entries of a sub-registry by id; empty when it is missing or failed. */
export function entriesOf<Name extends SubRegistryName>(
  snapshot: { readonly registries: Pick<Snapshot['registries'], Name> },
  name: Name,
): RegistryContents[Name] | Readonly<Record<string, never>> {
  return snapshot.registries[name].content ?? {}
}

export type EntryOf<Name extends SubRegistryName> = RegistryContents[Name][string]

/** How many valid entries a registry has: what the dashboard shows, which registries the hyper registry names. */
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

// Counting 20,000 keys takes milliseconds, and a server reports the number with each health check.
function countKeys(content: object): number {
  const count = counts.get(content) ?? Object.keys(content).length
  counts.set(content, count)
  return count
}

/** Diagnostics of registries and the backups that replace them, a sentence each. `now` is milliseconds since 1970. */
export function listLoadProblems(registries: readonly LoadedRegistry[], now: number): string[] {
  return registries.flatMap(registry => {
    const errors = registry.diagnostics.map(
      ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
    )
    const copy = describeCopy(registry, now)
    return copy === undefined ? errors : [...errors, `${registry.path}: ${copy}`]
  })
}

/** Describes the backup that replaces a file, with its age: a clause. Undefined when none does. */
export function describeCopy({ copy }: Pick<LoadedRegistry, 'copy'>, now: number): string | undefined {
  return copy && `a backup from ${formatAge(now - copy.seenAt)} replaces it`
}

/** A value for each of the nine registries. */
export function byRegistry<T>(toValue: (name: RegistryName) => T): Record<RegistryName, T> {
  return mapNames(registryNames, toValue)
}

/** All nine registries, each made from its name. */
export function mapRegistries(
  toRegistry: <Name extends RegistryName>(name: Name) => LoadedRegistry<Name>,
): Snapshot['registries']
export function mapRegistries(
  toRegistry: (name: RegistryName) => LoadedRegistry,
): Record<RegistryName, LoadedRegistry> {
  return byRegistry(toRegistry)
}

/** Like `mapRegistries`, for registries that are loaded at the same time. */
export function loadRegistries(
  load: <Name extends RegistryName>(name: Name) => Promise<LoadedRegistry<Name>>,
): Promise<Snapshot['registries']>
export async function loadRegistries(
  load: (name: RegistryName) => Promise<LoadedRegistry>,
): Promise<Readonly<Record<string, LoadedRegistry>>> {
  return Object.fromEntries(
    await Promise.all(registryNames.map(async name => [name, await load(name)] as const)),
  )
}
