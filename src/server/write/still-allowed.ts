import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { toAccessMatrix } from '../../security/access-matrix.ts'
import { judgeAccess } from '../../security/judge-access.ts'
import type { WriteOrder } from './write-order.ts'

/**
 * Whether a writer has the right that he had when he came: he may have waited for another one to take it away. A hyper
 * registry that cannot be used decides nothing; then the copy that stands in for it has decided.
 */
export function isStillAllowed(
  { registry, caller }: WriteOrder,
  hyper: LoadedRegistry<'hyper'> | undefined,
): boolean {
  if (hyper === undefined) return true
  return judgeAccess(toAccessMatrix(hyper), { registry, action: 'write' }, caller) === 'allowed'
}
