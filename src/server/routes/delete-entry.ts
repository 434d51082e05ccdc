import { type HeavyRoute, idParameter, ifMatchParameter, registryParameter } from '../route.ts'
import { answerWrite } from '../write/answer-write.ts'
import { writeAnswers } from '../write/write-request.ts'

export const deleteEntry: HeavyRoute = {
  method: 'DELETE',
  path: '/registries/:registry/:id',
  summary: 'takes an entry away',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, idParameter, ifMatchParameter],
    body: null,
    answers: writeAnswers,
    example: '/registries/tools/docker',
  },
  answer: (call, serving) => answerWrite('delete', call, serving),
}
