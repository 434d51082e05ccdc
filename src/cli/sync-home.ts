import type { RegistryHome } from '../core/home.ts'
import type { CommandContext } from './command-context.ts'
import { isPlain } from './is-plain.ts'

/** Syncs a home as its configuration says, and keeps the answer for the question that this call asks. */
export async function syncHome(home: RegistryHome, context: CommandContext): Promise<void> {
  const { sync } = await import('../features/sync/sync.ts')
  const { config, globals, host } = context
  const { python, concurrency, timeoutMs } = config
  const alerts = { ...config.alerts, allowPrivate: config.network.allowPrivate }
  const manner = { mode: 'normal', isForced: false, isDryRun: false, isPlain: isPlain(context) } as const
  await sync(home, { ...manner, configFile: globals.config, python, concurrency, timeoutMs, alerts }, host)
}
