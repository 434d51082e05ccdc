import { toAccessMatrix } from '../../../core/access/access-matrix.ts'
import { judgeAccess } from '../../../core/access/judge-access.ts'
import type { LoadedRegistry } from '../../../core/snapshot.ts'
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
