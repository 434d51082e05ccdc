import { NexusError } from '../core/errors.ts'
import { createRedactor } from '../core/redact.ts'
import type { WatchRequest } from '../features/watch/watch-request.ts'
import type { logFormats } from '../render/log/index.ts'
import { toVisible } from '../render/visible.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { createContext } from './create-context.ts'

export type LogFormatName = keyof typeof logFormats

export interface WatchFlags {
  readonly logFormat?: LogFormatName
  readonly dryRun?: true
  readonly timings?: true
  readonly force?: true
}

type ToOptions = (context: CommandContext) => WatchRequest['options']

/** Keeps the home in sync until a signal ends it, and says on stderr what happens. */
export async function watchHome(
  context: CommandContext,
  flags: WatchFlags,
  toOptions: ToOptions,
): Promise<ExitCode> {
  rejectOneTimeFlags(context, flags)
  const { host } = context
  host.staySmall()
  const home = await context.home()
  const options = toOptions(context)
  const redactor = await openRedactor(context)
  const [{ watch }, { sync }, tell] = await Promise.all([
    import('../features/watch/watch.ts'),
    import('../features/sync/sync.ts'),
    openLog(context, flags.logFormat, redactor.redact),
  ])
  const reloadAll = () => reload(context, toOptions, redactor)
  const end = await watch({ home, options, sync, tell, reload: reloadAll }, host)
  if (end.outcome === 'held') {
    const since = new Date(end.by.since).toISOString()
    const { yellow, cyan } = context.noteStyle
    const what = `process ${end.by.pid} keeps ${home.directory} in sync already, since ${since}`
    context.note(`${yellow('held:')} ${toVisible(what)}`)
    context.note(
      `${cyan('hint:')} See what it is: ps -p ${end.by.pid}; nexus-registry status says how it does`,
    )
    return 1
  }
  if (end.reason === 'displaced') return 1
  return end.reason === 'SIGTERM' ? 0 : 130
}

function rejectOneTimeFlags({ globals }: CommandContext, { dryRun, timings, force }: WatchFlags): void {
  const stray = Object.entries({
    '--json': globals.json,
    '--dry-run': dryRun,
    '--timings': timings,
    '--force': force,
  })
    .filter(([, isGiven]) => isGiven)
    .map(([flag]) => flag)
  if (stray.length === 0) return
  const hint = globals.json ? '--log-format json prints a JSON object a line' : 'Leave one of them out'
  throw new NexusError('usage', `--watch does not go with ${stray.join(', ')}`, { hint })
}

/** Hides the tokens that the configuration names, wherever they are kept. */
interface Redactor {
  readonly redact: (text: string) => string
  readonly renew: (context: CommandContext) => Promise<void>
}

async function openRedactor(context: CommandContext): Promise<Redactor> {
  const { loadSecrets } = await import('../features/sync/upstream/bearer-token.ts')
  const load = async ({ config, host }: CommandContext) =>
    createRedactor(await loadSecrets(config.network, host))
  let redact = await load(context)
  return {
    redact: text => redact(text),
    renew: async renewed => {
      redact = await load(renewed)
    },
  }
}

// The home stays: this process has claimed that one.
async function reload({ globals, host }: CommandContext, toOptions: ToOptions, { renew }: Redactor) {
  const context = await createContext(host, globals)
  await renew(context)
  return { options: toOptions(context), files: context.config.files }
}

async function openLog(
  { host, globals, noteStyle }: CommandContext,
  wanted: LogFormatName | undefined,
  redact: Redactor['redact'],
): Promise<WatchRequest['tell']> {
  const { logFormats } = await import('../render/log/index.ts')
  const format = wanted ?? (host.stderr.isTerminal ? 'pretty' : 'json')
  return logFormats[format]({
    stream: host.stderr,
    now: host.clock.now,
    pid: host.processes.pid,
    style: noteStyle,
    redact,
    isQuiet: globals.quiet,
  })
}
