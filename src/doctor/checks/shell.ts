import { loadRefreshFailure } from '../../env/cache/refresh.ts'
import type { Host } from '../../platform/host.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check } from '../check.ts'

/** Whether this shell has the variables, and whether they can be refreshed. */
export const shellCheck: Check = {
  name: 'shell',
  run: async ({ host }) => [checkVariables(host.env.NEXUS_ENV_STATUS), ...(await checkRefresh(host))],
}

function checkVariables(status: string | undefined): HealthFinding {
  if (status) return { status: 'ok', message: `this shell has its variables (${status})`, hint: null }
  const hint = 'Set it up: nexus-registry hook --help'
  return { status: 'note', message: 'this shell does not have the variables', hint }
}

async function checkRefresh(host: Host): Promise<HealthFinding[]> {
  const failure = await loadRefreshFailure(host)
  if (!failure) return []
  const when = new Date(failure.failedAt).toISOString()
  const message = `the last background refresh, at ${when}, failed: ${failure.reason}`
  return [{ status: 'warning', message, hint: 'Try it here: nexus-registry sync' }]
}
