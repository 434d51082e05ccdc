import { CommanderError } from 'commander'
import { NexusError } from '../core/errors.ts'
import type { Host } from '../core/host.ts'
import { program } from '../core/program.ts'
import { toVisible } from '../render/escape.ts'
import { createStyle } from '../render/style.ts'
import type { ExitCode } from './command-context.ts'

type ReportHost = Pick<Host, 'stderr' | 'env' | 'interrupted' | 'platform'>

/** Says on stderr what went wrong and what to do about it, and answers with the exit code. */
export function reportFailure(error: unknown, argv: readonly string[], host: ReportHost): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  // Commander shows the help of a command that lacks its subcommand: an answer too.
  if (error instanceof CommanderError && error.code === 'commander.help') return 0
  const failure = host.interrupted.aborted ? host.interrupted.reason : error
  if (failure instanceof CommanderError) return report(toUsageError(failure, argv), argv, host)
  return failure instanceof NexusError ? report(failure, argv, host) : reportDefect(failure, argv, host)
}

function report(error: NexusError, argv: readonly string[], host: ReportHost): ExitCode {
  const style = createStyle({ stream: host.stderr, env: host.env, color: !argv.includes('--no-color') })
  if (error.code === 'interrupted') {
    host.stderr.write(`${style.yellow(toVisible(error.message))}\n`)
    return 130
  }
  host.stderr.write(`${style.red.bold('error:')} ${toVisible(error.message)}\n`)
  if (error.hint) host.stderr.write(`${style.cyan('hint:')} ${toVisible(error.hint)}\n`)
  return 2
}

// Commander's messages read `error: unknown option '--jsno'\n(Did you mean --json?)`.
function toUsageError(error: CommanderError, argv: readonly string[]): NexusError {
  const [what = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n')
  const meant = suggestion.replace(/^\(Did you mean (?:one of )?(.*)\?\)$/, 'did you mean $1?')
  const help = `see ${program.name} --help`
  void argv
  return new NexusError('usage', what, { hint: meant || help })
}

function reportDefect(error: unknown, argv: readonly string[], host: ReportHost): ExitCode {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const call = [program.name, ...argv].join(' ')
  host.stderr.write(
    toVisible(
      [
        stack,
        '',
        `This is a defect in ${program.name} ${program.version}, not a fault of yours.`,
        'Please report it with the lines above and these:',
        `  call: ${call}`,
        `  platform: ${host.platform}`,
        '',
      ].join('\n'),
    ),
  )
  return 3
}
