import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import type { AccessMatrix } from './access-matrix.ts'
import type { Caller } from './caller.ts'

export interface AccessRequest {
  readonly registry: RegistryName
  readonly action: 'read' | 'write'
}

/** `unauthenticated`: a token may help (401). `forbidden`: this one does not (403). */
export type AccessJudgement = 'allowed' | 'unauthenticated' | 'forbidden'

/** Whether a caller may do something with a registry. A role that writes a registry does not read it by that. */
export function judgeAccess(
  matrix: AccessMatrix,
  { registry, action }: AccessRequest,
  caller: Caller,
): AccessJudgement {
  const { read, write } = matrix[registry]
  if (action === 'read' && read === 'public') return 'allowed'
  if (caller.kind === 'anonymous') return 'unauthenticated'
  if (caller.role === 'admin') return 'allowed'
  const isAllowed = action === 'read' ? read === 'auth' : caller.role === write
  return isAllowed ? 'allowed' : 'forbidden'
}

/** The registries that a caller may read, in their order. */
export function readableRegistries(matrix: AccessMatrix, caller: Caller): readonly RegistryName[] {
  return registryNames.filter(
    registry => judgeAccess(matrix, { registry, action: 'read' }, caller) === 'allowed',
  )
}
