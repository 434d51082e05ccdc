import { createRedactor } from '../lib/text/text.ts'
import type { CommandContext } from './command-context.ts'
import type { logFormats, WriteEvent } from './log.ts'

export type LogFormatName = keyof typeof logFormats

export const logFormatNames = ['pretty', 'json'] as const satisfies readonly LogFormatName[]

/** Opens the log of a process that goes on: on stderr, without secrets, as much of it as `--quiet` and `--verbose` say. */
export async function openLog(
  { host, globals, noteStyle }: CommandContext,
  wanted: LogFormatName | undefined,
  { redact }: Redactor,
): Promise<WriteEvent> {
  const { logFormats } = await import('./log.ts')
  const format = wanted ?? (host.stderr.isTerminal ? 'pretty' : 'json')
  const usual = globals.verbose ? 'debug' : 'info'
  return logFormats[format]({
    stream: host.stderr,
    now: host.clock.now,
    pid: host.processes.pid,
    style: noteStyle,
    redact,
    leastLevel: globals.quiet ? 'warn' : usual,
  })
}

/** Hides the tokens that the configuration names, wherever they are kept. */
export interface Redactor {
  readonly redact: (text: string) => string
  /** Takes those of a configuration that was read anew. */
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
