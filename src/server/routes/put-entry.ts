import {
  anyEntry,
  createdResponse,
  type HeavyRoute,
  idParameter,
  ifNoneMatchParameter,
  optionalIfMatchParameter,
  registryParameter,
  writeResponses,
} from '../route.ts'
import { handleWrite } from '../write/handle-write.ts'

export const putEntry: HeavyRoute = {
  method: 'PUT',
  path: '/registries/:registry/:id',
  summary: 'creates or replaces an entry',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, idParameter, optionalIfMatchParameter, ifNoneMatchParameter],
    body: { 'application/json': anyEntry },
    answers: { ...writeResponses, 201: createdResponse },
    example: '/registries/tools/docker',
  },
  answer: (call, context) => handleWrite('put', call, context),
}
