import { createRedactor } from '../lib/text/text.ts'
import type { CommandContext } from './command-context.ts'
import type { logFormats, WriteEvent } from './log.ts'

export type LogFormatName = keyof typeof logFormats

export const logFormatNames = ['pretty', 'json'] as const satisfies readonly LogFormatName[]

/** Opens the log of the daemon or server on stderr. It hides secrets; `--quiet` and `--verbose` set the level. */
export async function openLog(
  { host, globals, noteStyle }: CommandContext,
  requested: LogFormatName | undefined,
  { redact }: Redactor,
): Promise<WriteEvent> {
  const { logFormats } = await import('./log.ts')
  const format = requested ?? (host.stderr.isTerminal ? 'pretty' : 'json')
  const defaultLevel = globals.verbose ? 'debug' : 'info'
  return logFormats[format]({
    stream: host.stderr,
    now: host.clock.now,
    pid: host.processes.pid,
    style: noteStyle,
    redact,
    level: globals.quiet ? 'warn' : defaultLevel,
  })
}

/** Hides the tokens of the configuration, from files and variables too. */
export interface Redactor {
  readonly redact: (text: string) => string
  /** Loads the tokens of a reloaded configuration. */
  readonly renew: (context: CommandContext) => Promise<void>
}

export async function openRedactor(context: CommandContext): Promise<Redactor> {
  const { loadSecrets } = await import('../sync/upstream/upstream-health.ts')
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
