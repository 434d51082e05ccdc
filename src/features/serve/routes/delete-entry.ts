import type { RegistryRoute } from '../route.ts'
import { answerWrite } from '../write/answer-write.ts'

export const deleteEntry: RegistryRoute = {
  method: 'DELETE',
  path: '/registries/:registry/:id',
  summary: 'takes one entry away',
  access: 'write',
  answer: (call, serving) => answerWrite('delete', call, serving),
}
