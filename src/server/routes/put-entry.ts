import { anyEntry, type HeavyRoute, idParameter, registryParameter } from '../route.ts'
import { handleWrite } from '../write/handle-write.ts'
import { creation, ifMatch, ifNoneMatch, writeResponses } from '../write/write-docs.ts'

export const putEntry: HeavyRoute = {
  method: 'PUT',
  path: '/registries/:registry/:id',
  summary: 'creates or replaces an entry',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, idParameter, ifMatch, ifNoneMatch],
    body: { 'application/json': anyEntry },
    answers: { ...writeResponses, 201: creation },
    example: '/registries/tools/docker',
  },
  answer: (call, context) => handleWrite('put', call, context),
}
