import { anyDocument, type HeavyRoute, registryParameter } from '../route.ts'
import { handleWrite } from '../write/handle-write.ts'
import { creation, ifMatch, ifNoneMatch, writeResponses } from '../write/write-docs.ts'

export const putRegistry: HeavyRoute = {
  method: 'PUT',
  path: '/registries/:registry',
  summary: 'replaces a whole registry',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, ifMatch, ifNoneMatch],
    body: { 'application/json': anyDocument },
    answers: { ...writeResponses, 201: creation },
    example: '/registries/tools',
  },
  answer: (call, context) => handleWrite('document', call, context),
}
