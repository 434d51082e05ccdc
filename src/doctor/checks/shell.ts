import { loadRefreshFailure } from '../../env/cache/refresh.ts'
import type { Host } from '../../platform/host.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check } from '../check.ts'

/** Whether this shell was given the variables, and whether they can be kept fresh. */
export const shellCheck: Check = {
  name: 'shell',
  run: async ({ host }) => [checkVariables(host.env.NEXUS_ENV_STATUS), ...(await checkRefresh(host))],
}

function checkVariables(status: string | undefined): HealthFinding {
  if (status) return { status: 'ok', message: `this shell has its variables (${status})`, hint: null }
  const hint = 'See how: nexus-registry hook --help'
  return { status: 'note', message: 'this shell was not given the variables', hint }
}

async function checkRefresh(host: Host): Promise<HealthFinding[]> {
  const failure = await loadRefreshFailure(host)
  if (!failure) return []
  const when = new Date(failure.failedAt).toISOString()
  const message = `the last refresh in the background, at ${when}, failed: ${failure.reason}`
  return [{ status: 'warning', message, hint: 'See whether it fails here: nexus-registry sync' }]
}
