import {
  type HeavyRoute,
  idParameter,
  ifMatchParameter,
  registryParameter,
  writeResponses,
} from '../route.ts'
import { handleWrite } from '../write/handle-write.ts'

export const deleteEntry: HeavyRoute = {
  method: 'DELETE',
  path: '/registries/:registry/:id',
  summary: 'removes an entry',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, idParameter, ifMatchParameter],
    body: null,
    answers: writeResponses,
    example: '/registries/tools/docker',
  },
  answer: (call, context) => handleWrite('delete', call, context),
}
