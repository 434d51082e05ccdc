import type { RegistryFreshness } from '../../../core/home-status.ts'
import { loadRegistryHealth } from '../registry-health.ts'
import type { RegistryRoute } from '../route.ts'
import { toJsonAnswer } from '../to-json-answer.ts'

export const registryHealth: RegistryRoute = {
  method: 'GET',
  path: '/health/registry/:registry',
  summary: 'how fresh a registry is: 200 fresh, 203 stale, 503 missing or failed',
  access: 'read',
  answer: async (call, serving) => {
    const health = await loadRegistryHealth(call.registry, call, serving)
    const status = statuses[health.status]
    const headers = status === 203 ? { warning: '110 - "Response is Stale"' } : {}
    return toJsonAnswer(health, { status, headers })
  },
}

const statuses: Readonly<Record<RegistryFreshness, number>> = {
  fresh: 200,
  stale: 203,
  // It is as it was shipped, and nobody has looked yet.
  'never synced': 203,
  failed: 503,
  missing: 503,
}
