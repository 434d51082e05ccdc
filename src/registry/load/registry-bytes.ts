import type { RegistryName } from '../schema/names.ts'
import type { LoadedRegistry } from '../snapshot.ts'
import { readKnownContent } from './known-content.ts'

interface RegistryBytes<Name extends RegistryName> {
  readonly name: Name
  readonly path: string
  readonly bytes: Uint8Array
}

interface BytesTools {
  readonly sha256: (bytes: Uint8Array) => string
  /** Whether bytes with this SHA-256 were found valid before. */
  readonly isKnown: (sha256: string) => boolean
}

/** Reads the bytes of a registry file; what was found valid before is not checked again. */
export async function readRegistryBytes<Name extends RegistryName>(
  { name, path, bytes }: RegistryBytes<Name>,
  tools: BytesTools,
): Promise<LoadedRegistry<Name>> {
  const sha256 = tools.sha256(bytes)
  if (tools.isKnown(sha256)) return { ...readKnownContent(name, path, bytes), sha256 }
  const { parseRegistry } = await import('./parse-registry.ts')
  return { ...parseRegistry(name, path, bytes), sha256 }
}
