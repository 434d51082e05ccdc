import type { RegistryRoute } from '../route.ts'
import { answerWrite } from '../write/answer-write.ts'

export const putEntry: RegistryRoute = {
  method: 'PUT',
  path: '/registries/:registry/:id',
  summary: 'one entry of a registry, new or anew',
  access: 'write',
  answer: (call, serving) => answerWrite('put', call, serving),
}
