import { NexusError, systemErrorCode } from '../lib/errors.ts'
import { createOwnerLink, findOwnerServer, type OwnerServer } from '../security/owner-link.ts'
import { loadBearerToken } from '../sync/upstream/upstream-health.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { defaultHost, defaultPort, serveHome } from './serve-home.ts'

/**
 * Prints a link to the dashboard to stdout. If no server of this home runs, serves it to browsers on this machine until a
 * signal ends the process, on a free port if the default one is in use.
 */
export async function openWebDashboard(
  context: CommandContext,
  { deep }: { readonly deep: boolean },
): Promise<ExitCode> {
  const { config, host, note, print } = context
  const running = await findRunningServer(context)
  if (running !== undefined) {
    print(createOwnerLink(running, host))
    note(`The server was already running (process ${running.pid})${deep ? ', so --deep has no effect' : ''}.`)
    return 0
  }
  const start = (port: number) =>
    serveHome(context, { host: defaultHost, port, sync: true, deep }, (address, link) =>
      print(link ?? `${address}/`),
    )
  try {
    return await start(config.server.port ?? defaultPort)
  } catch (error) {
    const isTaken = error instanceof NexusError && systemErrorCode(error.cause) === 'EADDRINUSE'
    if (!isTaken) throw error
    return start(0)
  }
}

/** Time for a busy server to respond, in milliseconds. */
const healthMs = 5000

async function findRunningServer({ home, host }: CommandContext): Promise<OwnerServer | undefined> {
  const { directory } = await home()
  const server = await findOwnerServer(directory, host)
  if (server === undefined) return undefined
  const health = await host.sendRequest({
    url: `${server.url}/health`,
    reach: { kind: 'loopback' },
    timeoutMs: healthMs,
    maxBytes: 1024 * 1024,
    isBodyKept: false,
  })
  // Its certificate may be for another name, which the browser has to accept and this program need not.
  const isSecure = health.outcome === 'failed' && server.url.startsWith('https:')
  return health.outcome === 'answered' || isSecure ? server : undefined
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
