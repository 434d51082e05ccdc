import {
  anyDocument,
  createdResponse,
  type HeavyRoute,
  ifNoneMatchParameter,
  optionalIfMatchParameter,
  registryParameter,
  writeResponses,
} from '../route.ts'
import { handleWrite } from '../write/handle-write.ts'

export const putRegistry: HeavyRoute = {
  method: 'PUT',
  path: '/registries/:registry',
  summary: 'replaces a whole registry',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, optionalIfMatchParameter, ifNoneMatchParameter],
    body: { 'application/json': anyDocument },
    answers: { ...writeResponses, 201: createdResponse },
    example: '/registries/tools',
  },
  answer: (call, context) => handleWrite('document', call, context),
}
