import { registryNames } from '../../registry/schema/names.ts'
import type { Health } from '../../sync/health-schema.ts'
import { toJsonResponse } from '../bodies.ts'
import { loadRegistryHealth } from '../registry-health.ts'
import { response as describeResponse, type OpenRoute } from '../route.ts'

export const health: OpenRoute = {
  method: 'GET',
  path: '/health',
  summary: 'health of the server, and freshness of the registries that the caller may read',
  access: 'open',
  isPrompt: true,
  docs: {
    tag: 'health',
    parameters: [],
    body: null,
    answers: {
      200: describeResponse('How fresh they are; the status is 200 even when some are stale', 'Health'),
    },
    example: '/health',
  },
  answer: async (call, context) => {
    const readable = registryNames.filter(name => call.view.readable.has(name))
    const registries = await Promise.all(readable.map(name => loadRegistryHealth(name, call, context)))
    // Without the hyper registry only admin may read: other callers would see no problem.
    const isGoverned = call.revision.snapshot.registries.hyper.state === 'ok'
    const isWell =
      isGoverned && registries.every(({ status }) => status === 'fresh' || status === 'never synced')
    const response: Health = { status: isWell ? 'ok' : 'degraded', registries }
    return toJsonResponse(response)
  },
}
