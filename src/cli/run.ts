import { Command } from 'commander'
import { program as self } from '../lib/program.ts'
import type { Host } from '../platform/host.ts'
import { addGlobalOptions, type Execute, type ExitCode, toGlobalOptions } from './command-context.ts'
import { commands } from './commands/index.ts'
import { createContext } from './create-context.ts'
import { pairValues } from './query-options.ts'

// Commander breaks no examples, and nothing where there is little room.
async function createHelpWrap({ columns }: Host['stdout']): Promise<((text: string) => string) | undefined> {
  if (columns === undefined) return undefined
  const { wrapHelp } = await import('../lib/terminal/wrap-words.ts')
  return text => wrapHelp(text, columns)
}

/** Runs the command line and says how it went. Never rejects. */
export async function run(argv: readonly string[], host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const toExecute =
    (program: Command): Execute =>
    (action, options) =>
    async (...args) => {
      const isDryRun = argv.includes('--dry-run')
      const context = await createContext(host, toGlobalOptions(program.opts()), { ...options, isDryRun })
      exitCode = await action(context, ...args)
    }
  const program = createProgram(host, toExecute, await createHelpWrap(host.stdout))
  try {
    await program.parseAsync(pairValues(argv), { from: 'user' })
    host.interrupted.throwIfAborted()
    return exitCode
  } catch (error) {
    const { reportFailure } = await import('./report-failure.ts')
    return reportFailure(error, { argv, program }, host)
  }
}

/** The whole command line. Nothing is printed or ended by Commander itself but help and the version: `toHelp` makes them fit a terminal. */
export function createProgram(
  host: Pick<Host, 'stdout'>,
  toExecute: (program: Command) => Execute,
  toHelp: (text: string) => string = text => text,
): Command {
  const program = new Command(self.name)
    .description('Knows what this machine can do, and says so to shells, CI jobs and dashboards')
    .exitOverride()
    .configureOutput({
      writeOut: text => host.stdout.write(toHelp(text)),
      // Help that is shown for want of a subcommand is an answer, not a complaint.
      writeErr: text => host.stdout.write(toHelp(text)),
      // Errors are thrown, and reported in one place.
      outputError: () => undefined,
      getOutHelpWidth: () => host.stdout.columns ?? 80,
      getErrHelpWidth: () => host.stdout.columns ?? 80,
      getOutHasColors: () => host.stdout.isTerminal,
    })
    .configureHelp({ showGlobalOptions: true })
    .version(self.version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
  addGlobalOptions(program)
  const execute = toExecute(program)
  for (const register of commands) register(program, execute)
  return program
}
