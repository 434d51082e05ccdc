import type { WholeAnswer } from '../platform/http-answer.ts'
import { registryNames } from '../registry/schema/names.ts'
import { type AccessRequest, judgeAccess } from '../security/judge-access.ts'
import type { Call } from './edition.ts'
import { toProblem } from './problem.ts'

/** Why a caller may not do something with a registry; undefined when it may. */
export function refuseAccess(
  request: AccessRequest,
  { edition, caller }: Pick<Call, 'edition' | 'caller'>,
): WholeAnswer | undefined {
  const { registry, action } = request
  const judgement = judgeAccess(edition.matrix, request, caller)
  if (judgement === 'allowed') return undefined
  if (judgement === 'unauthenticated' || caller.kind === 'anonymous') {
    return toProblem(401, `a token is needed to ${action} ${registry}`, {
      hint: 'nexus-registry token create --role ROLE makes one; send it as Authorization: Bearer TOKEN',
      headers: { 'www-authenticate': 'Bearer realm="nexus-registry"' },
    })
  }
  return toProblem(403, `the role ${caller.role} may not ${action} ${registry}`, {
    hint: 'access_control in hyper_registry.json says who may',
  })
}

export function toUnknownRegistry(text: string): WholeAnswer {
  return toProblem(404, `there is no registry ${JSON.stringify(text)}`, {
    hint: `Registries are ${registryNames.join(', ')}`,
  })
}
