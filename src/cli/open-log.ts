import type { CommandContext } from './command-context.ts'
import type { logFormats } from './log.ts'
import type { WriteEvent } from './log-format.ts'
import type { Redactor } from './open-redactor.ts'

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
