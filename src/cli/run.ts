import { Command } from 'commander'
import { program as self } from '../lib/program.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Host } from '../platform/host.ts'
import { addGlobalOptions, type Execute, type ExitCode, toGlobalOptions } from './command-context.ts'
import { commandGroups } from './commands/index.ts'
import { createContext } from './create-context.ts'
import { pairValues } from './query-options.ts'

/** Runs the command line and returns the exit code. Never rejects. */
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
  program.addHelpText('after', () => renderExamples(host))
  try {
    await program.parseAsync(pairValues(argv), { from: 'user' })
    host.interrupted.throwIfAborted()
    return exitCode
  } catch (error) {
    const { reportFailure } = await import('./report-failure.ts')
    return reportFailure(error, { argv, program }, host)
  }
}

// Commander wraps no examples, and nothing on a narrow terminal.
async function createHelpWrap({ columns }: Host['stdout']): Promise<((text: string) => string) | undefined> {
  if (columns === undefined) return undefined
  const { wrapHelp } = await import('../lib/terminal/width.ts')
  return text => wrapHelp(text, columns)
}

function renderExamples({ path, programRoot }: Pick<Host, 'path' | 'programRoot'>): string {
  return `
Examples:
  nexus-registry sync                         detect this machine
  nexus-registry has docker && docker ps      run a command if a tool is present
  nexus-registry explain models/gpt-4o        what a model needs here

Documentation: ${toVisibleLine(path.join(programRoot, 'docs'))}`
}

/**
 * The Commander program. Commander itself prints only help and the version, wrapped by `toHelp`, and never ends the
 * process: it throws.
 */
export function createProgram(
  host: Pick<Host, 'stdout'>,
  toExecute: (program: Command) => Execute,
  toHelp: (text: string) => string = text => text,
): Command {
  const program = new Command(self.name)
    .description('Detects what this machine can use; exports it to shells, CI and dashboards')
    .exitOverride()
    .configureOutput({
      writeOut: text => host.stdout.write(toHelp(text)),
      // Help without a subcommand is output, not an error.
      writeErr: text => host.stdout.write(toHelp(text)),
      // `reportFailure` prints errors.
      outputError: () => undefined,
      getOutHelpWidth: () => host.stdout.columns ?? 80,
      getErrHelpWidth: () => host.stdout.columns ?? 80,
      getOutHasColors: () => host.stdout.isTerminal,
    })
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: command => [command.name(), ...command.aliases()].join(', '),
    })
    .version(self.version, '--version', 'Print the version')
    .helpOption('-h, --help', 'Print this help')
  addGlobalOptions(program)
  const execute = toExecute(program)
  for (const { heading, commands } of commandGroups) {
    program.commandsGroup(heading)
    for (const register of commands) register(program, execute)
  }
  return program.helpCommand('help [command]', 'Print help for a command')
}
