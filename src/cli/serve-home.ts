import { NexusError } from '../lib/errors.ts'
import type { ListenAddress, ServerRequest } from '../platform/http.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { type LogFormatName, openLog, openRedactor } from './open-log.ts'
import { defaultSyncOptions } from './options.ts'
import { reloadOptions, takeShippedData } from './sync-home.ts'

/** Options of `serve`. */
export interface ServeFlags {
  readonly host?: string
  readonly port?: number
  readonly socket?: string
  readonly cert?: string
  readonly key?: string
  readonly rateLimit?: number
  readonly sync: boolean
  /** Whether the dashboard may query a cluster. */
  readonly deep?: boolean
  readonly logFormat?: LogFormatName
}

/** Default address. */
export const defaultHost = '127.0.0.1'
export const defaultPort = 4780
/** Size limit of a certificate or key, in bytes. */
const pemBytes = 1024 * 1024

/**
 * Serves the home of a call until a signal ends the process. Calls `onListening` once it accepts requests, with a URL or
 * the path of a socket, and a link to the page for its owner.
 */
export async function serveHome(
  context: CommandContext,
  flags: ServeFlags,
  onListening: (address: string, link: string | undefined) => void,
): Promise<ExitCode> {
  const { host, config } = context
  const { server } = config
  const address = toAddress(context, flags)
  const tls = await loadTls({ cert: flags.cert ?? server.cert, key: flags.key ?? server.key }, context)
  const home = await context.home(flags.sync ? 'write' : 'read')
  const redactor = await openRedactor(context)
  const [{ serve }, { sync }, { measures }, { createServeRenderers }, tell] = await Promise.all([
    import('../server/serve.ts'),
    import('../sync/sync.ts'),
    import('../dashboard/model/measures/index.ts'),
    import('./serve-renderers.ts'),
    openLog(context, flags.logFormat, redactor),
  ])
  const upgraded = flags.sync ? await takeShippedData(home, context) : undefined
  if (upgraded !== undefined) tell(upgraded)
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
      platformRoot: context.config.platformRoot,
      measures: measures.map(create => create({ home, isDeep: flags.deep ?? false }, host)),
      log: tell,
      onListening,
    },
    host,
  )
  return signal === 'SIGTERM' ? 0 : 130
}

function toAddress({ config: { server }, host }: CommandContext, flags: ServeFlags): ListenAddress {
  // An empty address would mean all addresses; it probably comes from an unset variable.
  for (const name of ['host', 'socket'] as const)
    if (flags[name] === '')
      throw new NexusError('usage', `--${name} is empty`, { hint: `Add a value, or remove --${name}` })
  if (flags.socket !== undefined && (flags.port !== undefined || flags.host !== undefined)) {
    throw new NexusError('usage', '--socket cannot be combined with --host or --port', {
      hint: 'Remove one of them',
    })
  }
  const socket = flags.socket === undefined ? server.socket : host.path.resolve(host.cwd, flags.socket)
  const isPortRequested = flags.port !== undefined || flags.host !== undefined
  if (socket !== undefined && !isPortRequested) return { kind: 'socket', path: socket }
  return {
    kind: 'port',
    host: flags.host ?? server.host ?? defaultHost,
    port: flags.port ?? server.port ?? defaultPort,
  }
}

async function loadTls(
  { cert, key }: { readonly cert: string | undefined; readonly key: string | undefined },
  context: CommandContext,
): Promise<ServerRequest['tls']> {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined) {
    const [given, missing] = cert === undefined ? ['--key', '--cert'] : ['--cert', '--key']
    throw new NexusError('usage', `${given} requires ${missing}`, { hint: 'TLS needs both' })
  }
  return { cert: await loadPem(cert, context), key: await loadPem(key, context) }
}

async function loadPem(file: string, { host }: CommandContext): Promise<Uint8Array> {
  const path = host.path.resolve(host.cwd, file)
  const hint = 'Name a readable file in PEM format'
  try {
    const bytes = await host.fs.readBytes(path, pemBytes)
    if (bytes) return bytes
  } catch (cause) {
    throw new NexusError('input', `${path} cannot be read`, { hint, cause })
  }
  throw new NexusError('input', `there is no file ${path}`, { hint })
}

function toSyncOptions(context: CommandContext) {
  return { ...defaultSyncOptions(context), network: context.config.network }
}
