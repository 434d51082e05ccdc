import { toProblem } from '../problem.ts'
import { toRegistryBody } from '../registry-body.ts'
import type { RegistryRoute } from '../route.ts'

export const registryFile: RegistryRoute = {
  method: 'GET',
  path: '/registries/:registry',
  summary: 'a registry as its file has it, like /registries/tool_registry.json',
  access: 'read',
  answer: ({ registry, edition, request }, { host }) => {
    const body = toRegistryBody(registry, edition, host)
    if (body) return body.answer(request)
    return toProblem(503, `${registry} cannot be read, and there is no copy of it`, {
      hint: 'nexus-registry validate shows what is wrong with it',
    })
  },
}
