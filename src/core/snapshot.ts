import type { RegistryName, SubRegistryName } from '../schema/names.ts'
import type { RegistryContents } from '../schema/registries.ts'
import type { Diagnostic } from './diagnostic.ts'

/** One registry as it was read: its sound part and what is wrong with the rest. */
export interface LoadedRegistry<Name extends RegistryName = RegistryName> {
  readonly name: Name
  /** Absolute path of the file. */
  readonly path: string
  /** `failed`: the file as a whole could not be used. Single broken entries are only left out of `content`. */
  readonly state: 'ok' | 'missing' | 'failed'
  /** The sound entries; undefined unless the state is ok. */
  readonly content: RegistryContents[Name] | undefined
  /** Text as it was read, for positions and edits; undefined when there was none. */
  readonly text: string | undefined
  /** SHA-256 of the very bytes that were read. */
  readonly sha256: string | undefined
  /** Entries that are broken, left out of `content`: their ids, or JSON Pointers in the two documents. */
  readonly quarantined: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** All nine registries as they stood at one moment. Never changed. */
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
