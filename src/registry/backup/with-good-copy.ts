import { parseRegistry } from '../load/parse-registry.ts'
import { type RegistryName, registryFiles } from '../schema/names.ts'
import type { LoadedRegistry } from '../snapshot.ts'
import { type CopyHost, type CopyOwner, type GoodCopy, loadGoodCopy } from './good-copy.ts'

/** A registry whose file cannot be used, with the content of its last good copy where there is one. */
export async function withGoodCopy<Name extends RegistryName>(
  loaded: LoadedRegistry<Name>,
  home: string,
  host: CopyHost,
): Promise<LoadedRegistry<Name>> {
  const { name, sha256: fileSha256 } = loaded
  const copy = await loadGoodCopy({ home, name }, host)
  if (!copy) return loaded
  const content = toContent(name, copy)
  if (content === undefined) return loaded
  return { ...loaded, content, sha256: copy.sha256, copy: { seenAt: copy.seenAt, fileSha256 } }
}

/** The last good copy of a registry, if it can be used. */
export async function loadUsableCopy(owner: CopyOwner, host: CopyHost): Promise<GoodCopy | undefined> {
  const copy = await loadGoodCopy(owner, host)
  return copy && toContent(owner.name, copy) !== undefined ? copy : undefined
}

// It is checked again: what another version of the program found sound may not be so for this one.
function toContent<Name extends RegistryName>(name: Name, { text }: GoodCopy) {
  return parseRegistry(name, registryFiles[name], new TextEncoder().encode(text)).content
}
