import type { HeavyRoute } from '../route.ts'
import { idParameter, ifMatchParameter, registryParameter } from '../route-docs.ts'
import { answerWrite } from '../write/answer-write.ts'
import { writeAnswers } from '../write/write-docs.ts'

export const patchEntry: HeavyRoute = {
  method: 'PATCH',
  path: '/registries/:registry/:id',
  summary: 'changes parts of an entry, by a JSON Merge Patch (RFC 7396)',
  access: 'write',
  isHeavy: true,
  docs: {
    tag: 'registries',
    parameters: [registryParameter, idParameter, ifMatchParameter],
    body: { 'application/merge-patch+json': ['AnyValue'], 'application/json': ['AnyValue'] },
    answers: writeAnswers,
    example: '/registries/tools/docker',
  },
  answer: (call, serving) => answerWrite('patch', call, serving),
}
