import { NexusError, systemErrorCode } from '../lib/errors.ts'
import { loadBearerToken } from '../sync/upstream/upstream-health.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { defaultHost, defaultPort, serveHome } from './serve-home.ts'

/**
 * Serves the home of a call to browsers on this machine until a signal ends the process, and prints the address of the
 * dashboard to stdout. Listens on a free port if the default one is in use.
 */
export async function openWebDashboard(
  context: CommandContext,
  { deep }: { readonly deep: boolean },
): Promise<ExitCode> {
  const { config, print } = context
  const start = (port: number) =>
    serveHome(context, { host: defaultHost, port, sync: true, deep }, address => print(`${address}/`))
  try {
    return await start(config.server.port ?? defaultPort)
  } catch (error) {
    const isTaken = error instanceof NexusError && systemErrorCode(error.cause) === 'EADDRINUSE'
    if (!isTaken) throw error
    return start(0)
  }
}

const variable = 'NEXUS_REGISTRY_TOKEN'

/**
 * Loads the token for a server: from the named file, the variable, or the configuration. Throws a NexusError if it
 * cannot be read, or would be sent without TLS to another machine.
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
