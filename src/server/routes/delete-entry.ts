import type { HeavyRoute } from '../route.ts'
import { idParameter, ifMatchParameter, registryParameter } from '../route-docs.ts'
import { answerWrite } from '../write/answer-write.ts'
import { writeAnswers } from '../write/write-docs.ts'

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
