import type { LoadedRegistry } from '../core/snapshot.ts'
import type { RegistryName } from '../schema/names.ts'
import { type CopyHost, loadGoodCopy } from './good-copy.ts'
import { parseRegistry } from './parse-registry.ts'

/** A registry whose file cannot be used, with the content of its last good copy where there is one. */
export async function withGoodCopy<Name extends RegistryName>(
  loaded: LoadedRegistry<Name>,
  home: string,
  host: CopyHost,
): Promise<LoadedRegistry<Name>> {
  const { name, path, sha256: fileSha256 } = loaded
  const copy = await loadGoodCopy({ home, name }, host)
  if (!copy) return loaded
  // It is checked again: what another version of the program found sound may not be so for this one.
  const { content } = parseRegistry(name, path, new TextEncoder().encode(copy.text))
  if (content === undefined) return loaded
  return { ...loaded, content, sha256: copy.sha256, copy: { seenAt: copy.seenAt, fileSha256 } }
}
