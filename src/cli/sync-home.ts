import type { RegistryHome } from '../core/home.ts'
import type { CommandContext } from './command-context.ts'
import { isPlain } from './is-plain.ts'
import { syncOrAlert } from './sync-or-alert.ts'

/** Syncs a home as its configuration says, and keeps the answer for the question that this call asks. */
export async function syncHome(home: RegistryHome, context: CommandContext): Promise<void> {
  const { config, globals } = context
  const { python, concurrency, timeoutMs } = config
  const alerts = { ...config.alerts, allowPrivate: config.network.allowPrivate }
  const manner = { mode: 'normal', isForced: false, isDryRun: false, isPlain: isPlain(context) } as const
  const options = { ...manner, configFile: globals.config, python, concurrency, timeoutMs, alerts }
  await syncOrAlert(home, options, context)
}
