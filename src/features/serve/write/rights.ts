import { toAccessMatrix } from '../../../core/access/access-matrix.ts'
import { judgeAccess } from '../../../core/access/judge-access.ts'
import type { LoadedRegistry } from '../../../core/snapshot.ts'
import { isSubRegistry, type RegistryName, registryFiles } from '../../../schema/names.ts'
import { parseRegistry } from '../../../store/parse-registry.ts'
import type { WriteOrder } from './write-order.ts'

/**
 * Whether a writer has the right that he had when he came: he may have waited for another one to take it away. A hyper
 * registry that cannot be used decides nothing; then the copy that stands in for it has decided.
 */
export function isStillAllowed({ registry, caller }: WriteOrder, hyperText: string | undefined): boolean {
  const hyper = readHyper(hyperText)
  if (hyper === undefined) return true
  return judgeAccess(toAccessMatrix(hyper), { registry, action: 'write' }, caller) === 'allowed'
}

/** Address of the upstream that a registry is kept in sync with; undefined when it is with none. */
export function findSource(registry: RegistryName, hyperText: string | undefined): string | undefined {
  if (!isSubRegistry(registry)) return undefined
  const listed = readHyper(hyperText)?.content?.sub_registries[registry]
  return listed?.sync_enabled === false ? undefined : listed?.url
}

function readHyper(text: string | undefined): LoadedRegistry<'hyper'> | undefined {
  if (text === undefined) return undefined
  const parsed = parseRegistry('hyper', registryFiles.hyper, new TextEncoder().encode(text))
  return parsed.state === 'ok' ? { ...parsed, sha256: undefined } : undefined
}
