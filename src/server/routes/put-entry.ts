import { anyEntry, type HeavyRoute, idParameter, registryParameter } from '../route.ts'
import { answerWrite } from '../write/answer-write.ts'
import { creation, ifMatch, ifNoneMatch, writeAnswers } from '../write/write-request.ts'

export const putEntry: HeavyRoute = {
  method: 'PUT',
  path: '/registries/:registry/:id',
  summary: 'writes one entry, new or anew',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, idParameter, ifMatch, ifNoneMatch],
    body: { 'application/json': anyEntry },
    answers: { ...writeAnswers, 201: creation },
    example: '/registries/tools/docker',
  },
  answer: (call, serving) => answerWrite('put', call, serving),
}
