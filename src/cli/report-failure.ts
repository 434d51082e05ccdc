import { type Command, CommanderError } from 'commander'
import { errorMessage, NexusError } from '../lib/errors.ts'
import { program as self } from '../lib/program.ts'
import { createStyle } from '../lib/terminal/style.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { Host } from '../platform/host.ts'
import type { ExitCode } from './command-context.ts'

type ReportHost = Pick<Host, 'stderr' | 'env' | 'interrupted' | 'platform'>

export interface FailedCommand {
  readonly argv: readonly string[]
  readonly program: Command
}

/** Prints an error and its hint to stderr, and returns the exit code. */
export async function reportFailure(
  error: unknown,
  call: FailedCommand,
  host: ReportHost,
): Promise<ExitCode> {
  if (host.interrupted.aborted) return reportInterruption(host)
  if (error instanceof CommanderError && isHelpOrVersion(error)) return 0
  const failure = error instanceof CommanderError ? toUsageError(error, call) : error
  return failure instanceof NexusError ? reportError(failure, call, host) : reportBug(error, call, host)
}

// Commander throws after it printed help or the version; also for a missing subcommand.
function isHelpOrVersion(error: CommanderError): boolean {
  return error.exitCode === 0 || error.code === 'commander.help'
}

// Commander's messages read `error: unknown option '--jsno'\n(Did you mean --json?)`.
function toUsageError(error: CommanderError, { argv, program }: FailedCommand): NexusError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const command = program.commands.find(candidate => argv.includes(candidate.name()))
  const help = [self.name, ...(command ? [command.name()] : []), '--help'].join(' ')
  const meant = suggestion?.replace(/^\(Did you mean (?:one of )?(.*)\?\)$/, 'Did you mean $1? ') ?? ''
  return new NexusError('usage', message, { hint: `${meant}See ${help}` })
}

function reportInterruption(host: ReportHost): ExitCode {
  host.stderr.write(`${errorMessage(host.interrupted.reason)}\n`)
  return 130
}

async function reportError(error: NexusError, { argv }: FailedCommand, host: ReportHost): Promise<ExitCode> {
  const style = await createStyle({ stream: host.stderr, env: host.env, color: !argv.includes('--no-color') })
  const isVerbose = argv.includes('-v') || argv.includes('--verbose')
  const write = (text: string) => host.stderr.write(`${wrapWords(text, host.stderr.columns)}\n`)
  write(`${style.red(style.bold('error:'))} ${toVisible(error.message)}`)
  if (isVerbose && error.cause) write(`cause: ${toVisible(errorMessage(error.cause))}`)
  if (error.hint) write(`${style.cyan('hint:')} ${toVisible(error.hint)}`)
  return error.code === 'interrupted' ? 130 : 2
}

function reportBug(error: unknown, { argv }: FailedCommand, host: ReportHost): ExitCode {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = [
    stack,
    '',
    `This is a bug in ${self.name}. Please report it with the lines above and these:`,
    `  version:  ${self.version} on ${host.platform}`,
    `  call:     ${[self.name, ...argv].join(' ')}`,
    '',
  ]
  host.stderr.write(toVisible(lines.join('\n')))
  return 3
}
