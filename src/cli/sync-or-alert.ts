import { toVisible } from '../lib/text/visible.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import type { SyncResult } from '../sync/sync.ts'
import type { SyncOptions } from '../sync/sync-options.ts'
import type { CommandContext } from './command-context.ts'

/** Syncs a home. When that comes to nothing, whoever is to be told is told, and then it throws. */
export async function syncOrAlert(
  home: RegistryHome,
  options: SyncOptions,
  context: CommandContext,
): Promise<SyncResult> {
  const { sync } = await import('../sync/sync.ts')
  try {
    return await sync(home, options, context.host)
  } catch (error) {
    for (const note of await alertOthers(error, { home, options }, context))
      context.note(`${context.noteStyle.yellow('warning:')} ${toVisible(note)}`)
    throw error
  }
}

async function alertOthers(
  error: unknown,
  { home, options }: { readonly home: RegistryHome; readonly options: SyncOptions },
  { host }: CommandContext,
): Promise<readonly string[]> {
  const { alerts, isDryRun } = options
  if (alerts === undefined || isDryRun || host.interrupted.aborted) return []
  const { alertFailure } = await import('../sync/alert/alert.ts')
  return alertFailure({ home: home.directory, error, isFirst: false }, alerts, host)
}
