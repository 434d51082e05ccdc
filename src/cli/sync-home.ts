import { NexusError } from '../lib/errors.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { SyncResult } from '../sync/sync.ts'
import type { SyncOptions } from '../sync/sync-options.ts'
import type { WatchEvent, WatchRequest } from '../sync/watch/watch-events.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { createContext } from './create-context.ts'
import { type LogFormatName, openLog, openRedactor, type Redactor } from './open-log.ts'
import { defaultSyncOptions } from './options.ts'

/** Syncs a home with the options of its configuration, and caches the exports for this call. */
export async function syncHome(home: RegistryHome, context: CommandContext): Promise<void> {
  await syncOrAlert(home, defaultSyncOptions(context), context)
}

/**
 * Takes newer shipped data into the default home, before the first sync after an update of the program. Returns the
 * event for a log; undefined when nothing was taken. Nothing fails because of it.
 */
export async function takeShippedData(
  home: RegistryHome,
  { config, host, note, noteStyle }: CommandContext,
): Promise<Extract<WatchEvent, { event: 'upgraded' }> | undefined> {
  if (home.origin !== 'default' || config.upgrade === 'manual') return undefined
  const [{ upgradeUnasked }, { describeUnasked }] = await Promise.all([
    import('../upgrade/upgrade.ts'),
    import('../upgrade/describe-upgrade.ts'),
  ])
  try {
    const report = await upgradeUnasked(home.directory, host)
    if (report === undefined) return undefined
    const { from, to, created, updated, waiting } = report
    const counts = { created: created.length, updated: updated.length, waiting: waiting.length }
    return { event: 'upgraded', from, to, ...counts, message: describeUnasked(report) }
  } catch (error) {
    if (!(error instanceof NexusError) || error.code === 'interrupted') throw error
    note(`${noteStyle.yellow('warning:')} ${toVisible(`newer shipped data was not taken: ${error.message}`)}`)
    return undefined
  }
}

/** Syncs; on failure sends the alerts, then rethrows. */
export async function syncOrAlert(
  home: RegistryHome,
  options: SyncOptions,
  context: CommandContext,
): Promise<SyncResult> {
  const { sync } = await import('../sync/sync.ts')
  try {
    return await sync(home, options, context.host)
  } catch (error) {
    for (const note of await sendFailureAlerts(error, { home, options }, context))
      context.note(`${context.noteStyle.yellow('warning:')} ${toVisible(note)}`)
    throw error
  }
}

async function sendFailureAlerts(
  error: unknown,
  { home, options }: { readonly home: RegistryHome; readonly options: SyncOptions },
  { host }: CommandContext,
): Promise<readonly string[]> {
  const { alerts, isDryRun } = options
  if (alerts === undefined || isDryRun || host.interrupted.aborted) return []
  const { alertFailure } = await import('../sync/alert/alert.ts')
  return alertFailure({ home: home.directory, error, isFirst: false }, alerts, host)
}

export interface WatchFlags {
  readonly logFormat?: LogFormatName
  readonly dryRun?: true
  readonly timings?: true
  readonly force?: true
}

export type ToOptions = (context: CommandContext) => WatchRequest['options']

/** Syncs the home until a signal ends the process, and logs to stderr. */
export async function watchHome(
  context: CommandContext,
  flags: WatchFlags,
  toOptions: ToOptions,
): Promise<ExitCode> {
  rejectOneTimeFlags(context, flags)
  const { host } = context
  host.limitHeap()
  const home = await context.home('write')
  const options = toOptions(context)
  const redactor = await openRedactor(context)
  const [{ watch }, { sync }, tell] = await Promise.all([
    import('../sync/watch/watch.ts'),
    import('../sync/sync.ts'),
    openLog(context, flags.logFormat, redactor),
  ])
  const upgraded = await takeShippedData(home, context)
  if (upgraded !== undefined) tell(upgraded)
  const reload = () => reloadOptions(context, toOptions, redactor)
  const end = await watch({ home, options, sync, log: tell, reload }, host)
  if (end.outcome === 'held') {
    const since = new Date(end.by.since).toISOString()
    const { yellow, cyan } = context.noteStyle
    const { pid, host: otherHost, renewedAt } = end.by
    const isHere = renewedAt === undefined
    const place = isHere
      ? ''
      : ` on ${otherHost === undefined ? 'another host or container' : `host ${otherHost}`}`
    const what = `process ${pid}${place} already syncs ${home.directory}, since ${since}`
    context.note(`${yellow('held:')} ${toVisible(what)}`)
    const command = isHere ? `Identify it: ps -p ${pid}; nexus-registry` : 'nexus-registry'
    context.note(`${cyan('hint:')} ${command} status shows its state`)
    return 1
  }
  if (end.reason === 'displaced') return 1
  return end.reason === 'SIGTERM' ? 0 : 130
}

function rejectOneTimeFlags({ globals }: CommandContext, { dryRun, timings, force }: WatchFlags): void {
  const rejected = Object.entries({
    '--json': globals.json,
    '--dry-run': dryRun,
    '--timings': timings,
    '--force': force,
  })
    .filter(([, isGiven]) => isGiven)
    .map(([flag]) => flag)
  if (rejected.length === 0) return
  const hint = globals.json ? '--log-format json prints one JSON object per line' : 'Remove one of them'
  throw new NexusError('usage', `--watch cannot be combined with ${rejected.join(', ')}`, { hint })
}

/** Reloads the configuration. The home stays the same: this process has claimed it. */
export async function reloadOptions(
  { globals, host }: CommandContext,
  toOptions: ToOptions,
  { renew }: Redactor,
) {
  const context = await createContext(host, globals)
  await renew(context)
  return { options: toOptions(context), files: context.config.files }
}
