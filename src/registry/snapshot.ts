import type { Diagnostic } from './diagnostic.ts'
import type { RegistryName, SubRegistryName } from './schema/names.ts'
import type { RegistryContents } from './schema/registries.ts'

/** One registry as it was read: its sound part and what is wrong with the rest. */
export interface LoadedRegistry<Name extends RegistryName = RegistryName> {
  readonly name: Name
  /** Absolute path of the file; empty when it is hidden. */
  readonly path: string
  /**
   * Of the file. `failed`: as a whole it could not be used. Single broken entries are only left out of `content`.
   * `hidden`: whoever asks may not see it, and nothing but its name is here (`toVisibleSnapshot`).
   */
  readonly state: 'ok' | 'missing' | 'failed' | 'hidden'
  /** The sound entries. Unless the state is ok those of the last good copy, and undefined when there is none. */
  readonly content: RegistryContents[Name] | undefined
  /** Text as it was read, for positions and edits; undefined when there was none. */
  readonly text: string | undefined
  /** SHA-256 of the very bytes that `content` is from. */
  readonly sha256: string | undefined
  /** Only there when `content` comes from the last good copy, and not from the file. */
  readonly copy?: CopyInUse
  /** Entries that are broken, left out of `content`: their ids, or JSON Pointers in the two documents. */
  readonly quarantined: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A copy that stands in for a file. */
export interface CopyInUse {
  /** When the file was last seen like this, milliseconds since 1970. */
  readonly seenAt: number
  /** SHA-256 of the file as it is; undefined when it cannot be read. */
  readonly fileSha256: string | undefined
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
