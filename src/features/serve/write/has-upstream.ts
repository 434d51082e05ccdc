import type { LoadedRegistry } from '../../../core/snapshot.ts'
import { isSubRegistry, type RegistryName } from '../../../schema/names.ts'

/** Whether a registry is kept in sync with an upstream. */
export function hasUpstream(registry: RegistryName, hyper: LoadedRegistry<'hyper'> | undefined): boolean {
  if (!isSubRegistry(registry)) return false
  const listed = hyper?.content?.sub_registries[registry]
  return listed?.url !== undefined && listed.sync_enabled !== false
}
