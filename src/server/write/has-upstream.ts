import { isSubRegistry, type RegistryName } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'

/** Whether a registry is kept in sync with an upstream. */
export function hasUpstream(registry: RegistryName, hyper: LoadedRegistry<'hyper'> | undefined): boolean {
  if (!isSubRegistry(registry)) return false
  const listed = hyper?.content?.sub_registries[registry]
  return listed?.url !== undefined && listed.sync_enabled !== false
}
