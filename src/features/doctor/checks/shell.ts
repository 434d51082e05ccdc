import type { Check } from '../check.ts'

/** Whether this shell was given the variables. */
export const shellCheck: Check = {
  name: 'shell',
  run: async ({ host }) => {
    const status = host.env.NEXUS_ENV_STATUS
    if (status) return [{ status: 'ok', message: `this shell has its variables (${status})`, hint: null }]
    const hint = 'Put eval "$(nexus-registry env)" into its start-up file'
    return [{ status: 'note', message: 'this shell was not given the variables', hint }]
  },
}
