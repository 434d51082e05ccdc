import { findTokenFile, howToRepair, loadTokenFile } from '../../security/token-file.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check } from '../check.ts'

/** Whether the token file of the home is usable, and how many tokens it has. */
export const tokensCheck: Check = {
  name: 'tokens',
  run: async ({ host, findHome }) => {
    const home = await findHome()
    const path = home && (await findTokenFile(home.directory, host))
    if (!path) return []
    const file = await loadTokenFile(path, host)
    if (file.kind === 'unusable') {
      const message = `${file.path} ${file.reason}: no token is valid`
      return [{ status: 'error', message, hint: howToRepair(file) }]
    }
    return [describe(file.tokens, host.clock.now())]
  },
}

function describe(tokens: readonly { readonly expires_at: string | null }[], now: number): HealthFinding {
  const expired = tokens.filter(({ expires_at: end }) => end !== null && Date.parse(end) <= now).length
  const lasting = tokens.filter(({ expires_at: end }) => end === null).length
  const parts = [
    tokens.length === 0 ? 'no access tokens' : `access tokens: ${tokens.length}`,
    ...(expired > 0 ? [`expired: ${expired}`] : []),
    ...(lasting > 0 ? [`never expiring: ${lasting}`] : []),
  ]
  const hint = expired > 0 || lasting > 0 ? 'nexus-registry token list' : null
  return { status: hint === null ? 'ok' : 'note', message: parts.join(', '), hint }
}
