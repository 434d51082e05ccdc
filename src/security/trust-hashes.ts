import type { FileChange } from '../registry/home/update-home.ts'
import { type TrustedRegistryName, trustedRegistryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import type { TrustHashes } from './trust.ts'

/** Hashes of the files that declare what is started and requested, before or after a change. */
export function hashesOf(moment: 'before' | 'after', changes: readonly FileChange[]): TrustHashes {
  const hashOf = (name: TrustedRegistryName) => changes.find(change => change.name === name)?.[moment]?.sha256
  return Object.fromEntries(trustedRegistryNames.map(name => [name, hashOf(name)]))
}

/** Hashes of some registries, as they were read. */
export function loadedHashes<Name extends TrustedRegistryName>(
  registries: Readonly<Record<Name, Pick<LoadedRegistry, 'sha256'>>>,
  names: readonly Name[],
): TrustHashes {
  return Object.fromEntries(names.map(name => [name, registries[name].sha256]))
}
