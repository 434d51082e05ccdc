import { Argument } from 'commander'
import { quoteForAnyShell } from '../../core/quote-for-any-shell.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { loadShellFile, shellFilePath } from '../load-shell-file.ts'

const shells = ['zsh', 'bash', 'fish'] as const

interface HookOptions {
  readonly path?: true
}

export const registerHook: RegisterCommand = (program, execute) => {
  program
    .command('hook')
    .description('print what keeps the variables right in every shell')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(shells))
    .option('--path', 'print where it lies instead')
    .addHelpText(
      'after',
      `
Put one line into the start-up file. With the path nothing is started for it:

Examples:
  echo "source '$(nexus-registry hook zsh --path)'" >> ~/.zshrc
  echo "source '$(nexus-registry hook bash --path)'" >> ~/.bashrc
  echo "source '$(nexus-registry hook fish --path)'" >> ~/.config/fish/config.fish
  eval "$(nexus-registry hook zsh)"        does the same, and starts a process`,
    )
    // Nothing here depends on a configuration, and a shell's start must not fail for one.
    .action(execute(printHook, { config: 'collect' }))
}

async function printHook(context: CommandContext, shell: string, options: HookOptions): Promise<ExitCode> {
  const { host, print } = context
  const file = `hook.${shell}`
  if (options.path) print(shellFilePath(file, host))
  else print(`${nameProgram(shell, context)}\n${await loadShellFile(file, host)}`)
  return 0
}

// Evaluated text does not know where it comes from.
function nameProgram(shell: string, { host }: CommandContext): string {
  const launcher = quoteForAnyShell(host.path.join(host.programRoot, 'bin', 'nexus-registry'))
  const name = '_nexus_registry_program'
  return shell === 'fish' ? `set -g ${name} ${launcher}` : `${name}=${launcher}`
}
