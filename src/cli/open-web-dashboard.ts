import { NexusError, systemErrorCode } from '../lib/errors.ts'
import { loadBearerToken } from '../sync/upstream/upstream-health.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { serveHome, usualHost, usualPort } from './serve-home.ts'

/**
 * Serves the home of a call for browsers of this machine, prints the address of the dashboard to stdout, and ends with a
 * signal, as `serve` does. Where the usual port is taken it listens on a free one.
 */
export async function openWebDashboard(
  context: CommandContext,
  { deep }: { readonly deep: boolean },
): Promise<ExitCode> {
  const { config, print } = context
  const start = (port: number) =>
    serveHome(context, { host: usualHost, port, sync: true, deep }, address => print(`${address}/`))
  try {
    return await start(config.server.port ?? usualPort)
  } catch (error) {
    const isTaken = error instanceof NexusError && systemErrorCode(error.cause) === 'EADDRINUSE'
    if (!isTaken) throw error
    return start(0)
  }
}

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
  const { token, problem } = await loadBearerToken(url.href, { ...config.network, upstreams }, host)
  if (problem !== undefined)
    throw new NexusError('input', `${url.href}: ${problem}`, {
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
