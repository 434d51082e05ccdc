import { Option } from 'commander'
import { configVariables } from '../../config/config.ts'
import type { ProbeMode } from '../../detection/probe.ts'
import { NexusError } from '../../lib/errors.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { isSubRegistry, type SubRegistryName, subRegistryNames } from '../../registry/schema/names.ts'
import type { SyncResult } from '../../sync/sync.ts'
import type { SyncOptions } from '../../sync/sync-options.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { type LogFormatName, logFormatNames } from '../open-log.ts'
import { isPlain, parseConcurrency, parseSeconds } from '../options.ts'

interface SyncFlags {
  readonly quick?: true
  readonly deep?: true
  readonly force?: true
  readonly dryRun?: true
  readonly timings?: true
  readonly all?: true
  readonly concurrency?: number
  readonly timeout?: number
  readonly python?: string
  readonly watch?: true
  readonly logFormat?: LogFormatName
}

export const registerSync: RegisterCommand = (program, execute) => {
  program
    .command('sync')
    .description('Detect what is installed or reachable; update the registries')
    .argument('[registry...]', 'Registries to sync (default: all)')
    .option(
      '--quick',
      'Run no commands and send no requests: search PATH, query the interpreter, else use caches',
    )
    .option('--deep', 'Query engines, clusters and providers too')
    .option('--force', 'Ignore caches; accept upstream content that removes many entries or is older')
    .option('--dry-run', 'Show the changes without writing them')
    .option('--timings', 'Show how long each probe took')
    .option('--all', 'Show everything that was checked on a terminal too, as a pipe gets it')
    .option(
      '--concurrency <n>',
      'Maximum number of parallel processes, up to 256 (default 8)',
      parseConcurrency,
    )
    .option('--timeout <seconds>', 'Deadline for entries without their own (default 5)', parseSeconds)
    .option('--python <path>', 'Interpreter to query for ML frameworks')
    .option('--watch', 'Keep running: sync every minute and after edits, one process per home')
    .addOption(
      new Option(
        '--log-format <format>',
        'Log format of --watch (default: pretty on a terminal, else json)',
      ).choices(logFormatNames),
    )
    .addHelpText('after', examples)
    .action(execute(runSync))
}

const examples = `
Examples:
  nexus-registry sync                    detect everything, and show what changed
  nexus-registry sync tools --force      probe every tool again
  nexus-registry sync models --dry-run   what its upstream would change
  nexus-registry sync providers --deep   which keys are set, and which providers reply
  nexus-registry sync --all              what was checked, as a table
  nexus-registry sync --timings          show slow probes
  nexus-registry sync --json | jq '.detections.tools.docker'
  nexus-registry sync --watch            keep syncing; SIGHUP reloads, SIGTERM ends it`

async function runSync(context: CommandContext, names: string[], flags: SyncFlags): Promise<ExitCode> {
  await requireNamedInterpreter(context, names, flags)
  if (flags.watch) {
    const { watchHome } = await import('../sync-home.ts')
    return watchHome(context, flags, current => toOptions(current, names, flags))
  }
  if (flags.logFormat) {
    throw new NexusError('usage', '--log-format requires --watch', {
      hint: 'Add --watch, or remove --log-format',
    })
  }
  const options = toOptions(context, names, flags)
  const home = await context.home(flags.dryRun ? 'read' : 'write')
  const { syncOrAlert, takeShippedData } = await import('../sync-home.ts')
  const upgraded = flags.dryRun ? undefined : await takeShippedData(home, context)
  if (upgraded !== undefined) context.note(toVisible(upgraded.message))
  const progress = await startProgress(context)
  const result = await syncOrAlert(home, { ...options, onProgress: progress?.update }, context).finally(
    progress?.clear,
  )
  await showResult(context, home, result, flags)
  const statuses = Object.values(result.report.registries)
  const warnings = statuses.flatMap(status => status.warnings)
  for (const note of [...result.notes, ...result.report.incompatible, ...warnings])
    context.note(`${context.noteStyle.yellow('warning:')} ${toVisible(note)}`)
  return warnings.length === 0 ? 0 : 1
}

async function requireNamedInterpreter(
  { config, host }: CommandContext,
  names: readonly string[],
  { python }: SyncFlags,
): Promise<void> {
  const isRequested = names.length === 0 || names.some(name => parseRegistryName(name) === 'ml_frameworks')
  const configured = isRequested ? config.python : undefined
  const named = python ?? configured
  if (named === undefined) return
  const { requireInterpreter } = await import('../../sync/sync-options.ts')
  const variable = configVariables.python
  const place = host.env[variable] ? variable : 'python in the configuration'
  await requireInterpreter({ python: named, place: python === undefined ? place : '--python' }, host)
}

function toOptions(context: CommandContext, names: readonly string[], flags: SyncFlags): SyncOptions {
  if (flags.quick && flags.deep) {
    throw new NexusError('usage', '--quick and --deep cannot be combined', { hint: 'Remove one of them' })
  }
  const { config, globals } = context
  return {
    mode: toMode(flags),
    isForced: flags.force ?? false,
    isDryRun: flags.dryRun ?? false,
    only: names.length === 0 ? undefined : [...new Set(names.map(toSubRegistry))],
    concurrency: flags.concurrency ?? config.concurrency,
    timeoutMs: flags.timeout ?? config.timeoutMs,
    python: flags.python ?? config.python,
    configFile: globals.config,
    network: config.network,
    alerts: { ...config.alerts, allowPrivate: config.network.allowPrivate },
    // With --python or --timeout the exports are for this call only: no shell has that cache key.
    isPlain: flags.python === undefined && flags.timeout === undefined && isPlain(context),
  }
}

function toMode({ quick, deep }: SyncFlags): ProbeMode {
  if (quick) return 'quick'
  return deep ? 'deep' : 'normal'
}

function toSubRegistry(text: string): SubRegistryName {
  const name = parseRegistryName(text)
  if (name !== undefined && isSubRegistry(name)) return name
  const what = name
    ? `${name} cannot be synced: it is edited by hand`
    : `there is no registry ${JSON.stringify(text)}`
  throw new NexusError('usage', what, { hint: `Registries to sync are ${subRegistryNames.join(', ')}` })
}

async function startProgress({ host, globals }: CommandContext) {
  if (!host.stderr.isTerminal || globals.quiet) return undefined
  const [{ createProgressLine }, { toSigns }] = await Promise.all([
    import('../progress.ts'),
    import('../../lib/terminal/signs.ts'),
  ])
  return createProgressLine({ stream: host.stderr, clock: host.clock, signs: toSigns(host.env) })
}

async function showResult(
  context: CommandContext,
  home: RegistryHome,
  { report, snapshot }: SyncResult,
  flags: SyncFlags,
): Promise<void> {
  const { timings: _, ...untimed } = report
  const shown = flags.timings ? report : untimed
  if (context.globals.json) return context.print(JSON.stringify(shown, null, 2))
  if (context.globals.quiet) return
  const { renderSyncReport, toSyncView } = await import('../../sync/render-report.ts')
  const { style, host } = context
  // A pipe gets the table that scripts know.
  const isSummary = host.stdout.isTerminal && !flags.all && !flags.timings && !flags.dryRun
  if (isSummary) {
    const { summarizeSync } = await import('../summarize-sync.ts')
    return context.say(await summarizeSync(home, { report, snapshot }, context))
  }
  context.say(
    await renderSyncReport(
      { ...toSyncView(shown, snapshot), isWritten: !flags.dryRun },
      { style, width: host.stdout.columns },
    ),
  )
}
