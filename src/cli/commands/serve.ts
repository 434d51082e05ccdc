import { Option } from 'commander'
import { NexusError } from '../../core/errors.ts'
import type { ListenAddress, ServerRequest } from '../../core/http/http-server.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { isPlain } from '../is-plain.ts'
import { type LogFormatName, logFormatNames, openLog } from '../open-log.ts'
import { openRedactor } from '../open-redactor.ts'
import { parseCount, parsePort } from '../parse-number.ts'
import { reloadOptions } from '../watch-home.ts'

interface ServeFlags {
  readonly host?: string
  readonly port?: number
  readonly socket?: string
  readonly cert?: string
  readonly key?: string
  readonly rateLimit?: number
  readonly sync: boolean
  readonly logFormat?: LogFormatName
}

const usualHost = '127.0.0.1'
const usualPort = 4780
/** Largest file of a certificate or key, in bytes. */
const pemBytes = 1024 * 1024

export const registerServe: RegisterCommand = (program, execute) => {
  program
    .command('serve')
    .description('serve the registries over HTTP, and keep them in sync meanwhile')
    .option('--host <address>', `address to listen on (default ${usualHost}: this machine alone)`)
    .option('--port <n>', `port to listen on (default ${usualPort}; 0 takes a free one)`, parsePort)
    .option('--socket <path>', 'listen on a socket that this user alone may connect to, instead of a port')
    .option('--cert <file>', 'certificate for TLS, in PEM form; goes with --key')
    .option('--key <file>', 'private key for TLS, in PEM form')
    .option(
      '--rate-limit <n>',
      'requests that an address may send in a minute (default 6000, and any number from this machine)',
      parseCount,
    )
    .option('--no-sync', 'serve what is there, and ask nobody')
    .addOption(
      new Option(
        '--log-format <format>',
        'how it says what happens (pretty at a terminal, else json)',
      ).choices(logFormatNames),
    )
    .addHelpText('after', examples)
    .action(execute(serveHome))
}

const examples = `
Whoever asks may see what access_control in hyper_registry.json allows: nexus-registry token create makes tokens.

Examples:
  nexus-registry serve                            http://127.0.0.1:${usualPort}, until Ctrl-C
  nexus-registry serve --port 0 --no-sync         any free port; the registries as they are
  nexus-registry serve --socket /run/nexus.sock   curl --unix-socket /run/nexus.sock http://localhost/health
  nexus-registry serve --host 0.0.0.0 --cert cert.pem --key key.pem
  curl -s http://127.0.0.1:${usualPort}/registries/tool_registry.json | jq 'keys'`

async function serveHome(context: CommandContext, flags: ServeFlags): Promise<ExitCode> {
  const { host, config } = context
  const { server } = config
  const address = toAddress(context, flags)
  const tls = await loadTls({ cert: flags.cert ?? server.cert, key: flags.key ?? server.key }, context)
  const home = await context.home()
  const redactor = await openRedactor(context)
  const [{ serve }, { sync }, { createServeRenderers }, tell] = await Promise.all([
    import('../../features/serve/serve.ts'),
    import('../../features/sync/sync.ts'),
    import('../serve-renderers.ts'),
    openLog(context, flags.logFormat, redactor),
  ])
  const options = toSyncOptions(context)
  const poller = { options, sync, reload: () => reloadOptions(context, toSyncOptions, redactor) }
  const signal = await serve(
    {
      home,
      address,
      tls,
      allowedHosts: server.allowedHosts,
      requestsPerMinute: flags.rateLimit ?? server.rateLimit,
      poller: flags.sync ? poller : undefined,
      render: await createServeRenderers(),
      tell,
    },
    host,
  )
  return signal === 'SIGTERM' ? 0 : 130
}

function toAddress({ config: { server }, host }: CommandContext, flags: ServeFlags): ListenAddress {
  if (flags.socket !== undefined && (flags.port !== undefined || flags.host !== undefined)) {
    throw new NexusError('usage', '--socket goes with neither --host nor --port', {
      hint: 'Leave one of them out',
    })
  }
  const socket = flags.socket === undefined ? server.socket : host.path.resolve(host.cwd, flags.socket)
  const isPortWanted = flags.port !== undefined || flags.host !== undefined
  if (socket !== undefined && !isPortWanted) return { kind: 'socket', path: socket }
  return {
    kind: 'port',
    host: flags.host ?? server.host ?? usualHost,
    port: flags.port ?? server.port ?? usualPort,
  }
}

async function loadTls(
  { cert, key }: { readonly cert: string | undefined; readonly key: string | undefined },
  context: CommandContext,
): Promise<ServerRequest['tls']> {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) {
    const [given, missing] = cert === undefined ? ['--key', '--cert'] : ['--cert', '--key']
    throw new NexusError('usage', `${given} goes with ${missing}`, { hint: 'TLS needs both' })
  }
  return { cert: await loadPem(cert, context), key: await loadPem(key, context) }
}

async function loadPem(file: string, { host }: CommandContext): Promise<Uint8Array> {
  const path = host.path.resolve(host.cwd, file)
  const hint = 'Name a file in PEM form that you may read'
  try {
    const bytes = await host.fs.readBytes(path, pemBytes)
    if (bytes) return bytes
  } catch (cause) {
    throw new NexusError('input', `${path} cannot be read`, { hint, cause })
  }
  throw new NexusError('input', `there is no file ${path}`, { hint })
}

function toSyncOptions(context: CommandContext) {
  const { config, globals } = context
  return {
    mode: 'normal',
    isForced: false,
    isDryRun: false,
    concurrency: config.concurrency,
    timeoutMs: config.timeoutMs,
    python: config.python,
    configFile: globals.config,
    network: config.network,
    alerts: { ...config.alerts, allowPrivate: config.network.allowPrivate },
    isPlain: isPlain(context),
  } as const
}
