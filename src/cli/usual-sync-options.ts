import type { CommandContext } from './command-context.ts'
import { isPlain } from './is-plain.ts'

/** How a home is synced when the configuration alone says so. Upstreams are asked by who adds `network`. */
export function usualSyncOptions(context: CommandContext) {
  const { config, globals } = context
  const { python, concurrency, timeoutMs } = config
  return {
    mode: 'normal',
    isForced: false,
    isDryRun: false,
    isPlain: isPlain(context),
    configFile: globals.config,
    python,
    concurrency,
    timeoutMs,
    alerts: { ...config.alerts, allowPrivate: config.network.allowPrivate },
  } as const
}
