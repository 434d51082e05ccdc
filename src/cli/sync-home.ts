import type { RegistryHome } from '../registry/home/home.ts'
import type { CommandContext } from './command-context.ts'
import { syncOrAlert } from './sync-or-alert.ts'
import { usualSyncOptions } from './usual-sync-options.ts'

/** Syncs a home as its configuration says, and keeps the answer for the question that this call asks. */
export async function syncHome(home: RegistryHome, context: CommandContext): Promise<void> {
  await syncOrAlert(home, usualSyncOptions(context), context)
}
