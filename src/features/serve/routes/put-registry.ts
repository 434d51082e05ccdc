import type { RegistryRoute } from '../route.ts'
import { answerWrite } from '../write/answer-write.ts'

export const putRegistry: RegistryRoute = {
  method: 'PUT',
  path: '/registries/:registry',
  summary: 'a whole registry anew, as If-Match says it is or If-None-Match that it is not there',
  access: 'write',
  answer: (call, serving) => answerWrite('document', call, serving),
}
