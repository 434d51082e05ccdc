import type { RegistryFreshness } from '../../sync/status.ts'
import { toJsonResponse } from '../bodies.ts'
import { loadRegistryHealth } from '../registry-health.ts'
import { type RegistryRoute, registryParameter, response } from '../route.ts'

export const registryHealth: RegistryRoute = {
  method: 'GET',
  path: '/health/registry/:registry',
  summary: 'how fresh a registry is: 200 fresh, 203 stale, 503 missing or failed',
  access: 'read',
  docs: {
    tag: 'health',
    parameters: [registryParameter],
    body: null,
    answers: {
      200: response('It is fresh', 'RegistryHealth'),
      203: response('It is stale, or was never synced; see the header Warning', 'RegistryHealth'),
      503: response('It is missing, or cannot be used', 'RegistryHealth'),
    },
    example: '/health/registry/tools',
  },
  answer: async (call, context) => {
    const health = await loadRegistryHealth(call.registry, call, context)
    const status = statuses[health.status]
    const headers = status === 203 ? { warning: '110 - "Response is Stale"' } : {}
    return toJsonResponse(health, { status, headers })
  },
}

const statuses: Readonly<Record<RegistryFreshness, number>> = {
  fresh: 200,
  stale: 203,
  // It is as it was shipped; no sync has run yet.
  'never synced': 203,
  failed: 503,
  missing: 503,
}
