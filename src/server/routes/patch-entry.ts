import {
  type HeavyRoute,
  idParameter,
  ifMatchParameter,
  registryParameter,
  writeResponses,
} from '../route.ts'
import { handleWrite } from '../write/handle-write.ts'

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
    answers: writeResponses,
    example: '/registries/tools/docker',
  },
  answer: (call, context) => handleWrite('patch', call, context),
}
