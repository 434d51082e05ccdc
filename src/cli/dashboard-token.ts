import { NexusError } from '../lib/errors.ts'
import { loadBearerToken } from '../sync/upstream/bearer-token.ts'
import type { CommandContext } from './command-context.ts'

const variable = 'NEXUS_REGISTRY_TOKEN'

/**
 * Token for a server: from the file that is named, the variable, or what the configuration has for the address. It goes
 * over TLS, or stays on this machine. Throws a NexusError when there should be one and is not.
 */
export async function loadDashboardToken(
  url: URL,
  tokenFile: string | undefined,
  { host, config }: Pick<CommandContext, 'host' | 'config'>,
): Promise<string | undefined> {
  const named = tokenFile === undefined ? undefined : host.path.resolve(host.cwd, tokenFile)
  const tokenEnv = named === undefined && host.env[variable] ? variable : undefined
  const isNamed = named !== undefined || tokenEnv !== undefined
  const upstreams = isNamed ? { [url.origin]: { tokenEnv, tokenFile: named } } : config.network.upstreams
  const { token, trouble } = await loadBearerToken(url.href, { ...config.network, upstreams }, host)
  if (trouble !== undefined)
    throw new NexusError('input', `${url.href}: ${trouble}`, {
      hint: 'nexus-registry token create makes one',
    })
  if (token !== undefined && url.protocol === 'http:' && !isThisMachine(url.hostname)) {
    throw new NexusError('input', `${url.href}: a token is not sent in plain text to another machine`, {
      hint: 'Use https, or unset the token',
    })
  }
  return token
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
