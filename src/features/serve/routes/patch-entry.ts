import type { RegistryRoute } from '../route.ts'
import { answerWrite } from '../write/answer-write.ts'

export const patchEntry: RegistryRoute = {
  method: 'PATCH',
  path: '/registries/:registry/:id',
  summary: 'parts of one entry, as a JSON Merge Patch (RFC 7396)',
  access: 'write',
  answer: (call, serving) => answerWrite('patch', call, serving),
}
