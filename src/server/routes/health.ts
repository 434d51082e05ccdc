import { registryNames } from '../../registry/schema/names.ts'
import type { Health } from '../../sync/health-schema.ts'
import { toJsonResponse } from '../bodies.ts'
import { loadRegistryHealth } from '../registry-health.ts'
import { type OpenRoute, response } from '../route.ts'

export const health: OpenRoute = {
  method: 'GET',
  path: '/health',
  summary: 'whether the server answers, and how fresh the registries are that the caller may read',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'health',
    parameters: [],
    body: null,
    answers: { 200: response('How fresh they are; the status is 200 when some are not well, too', 'Health') },
    example: '/health',
  },
  answer: async (call, context) => {
    const readable = registryNames.filter(name => call.view.readable.has(name))
    const registries = await Promise.all(readable.map(name => loadRegistryHealth(name, call, context)))
    // Without it nobody but admin may see any registry: to all others nothing else would look wrong.
    const isGoverned = call.revision.snapshot.registries.hyper.state === 'ok'
    const isWell =
      isGoverned && registries.every(({ status }) => status === 'fresh' || status === 'never synced')
    const told: Health = { status: isWell ? 'ok' : 'degraded', registries }
    return toJsonResponse(told)
  },
}
