import { toRegistryBody } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import { anyDocument, problem, type RegistryRoute, registryParameter, response, unchanged } from '../route.ts'

export const registryFile: RegistryRoute = {
  method: 'GET',
  path: '/registries/:registry',
  summary: 'a registry as its file has it, like /registries/tool_registry.json',
  access: 'read',
  docs: {
    tag: 'registries',
    parameters: [registryParameter],
    body: null,
    answers: {
      200: response('The registry; of one with errors, the valid part', ...anyDocument),
      304: unchanged,
      503: problem('It cannot be read, and there is no backup'),
    },
    example: '/registries/tool_registry.json',
  },
  answer: ({ registry, revision, request }, { host }) => {
    const body = toRegistryBody(registry, revision, host)
    if (body) return body.answer(request)
    return toProblem(503, `${registry} cannot be read, and there is no backup`, {
      hint: 'nexus-registry validate shows its errors',
    })
  },
}
