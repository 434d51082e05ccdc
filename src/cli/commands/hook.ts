import { Argument } from 'commander'
import { NexusError } from '../../lib/errors.ts'
import { quoteForAnyShell } from '../../lib/shell/quote.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { loadShellFile, shellFilePath } from '../load-shell-file.ts'

const shells = ['zsh', 'bash', 'fish'] as const
const managers = ['systemd', 'launchd'] as const

interface HookOptions {
  readonly path?: true
  readonly line?: true
}

export const registerHook: RegisterCommand = (program, execute) => {
  program
    .command('hook')
    .description('print what keeps the variables right in every shell, or the registries in sync')
    .addArgument(
      new Argument('<shell>', 'the shell or service manager that reads it').choices([...shells, ...managers]),
    )
    .option('--path', 'print where it lies instead')
    .option('--line', 'print the line for a start-up file instead')
    .addHelpText(
      'after',
      `
Put one line into the start-up file. It starts no process, and does nothing once nexus-registry is uninstalled:

Examples:
  nexus-registry hook zsh --line >> ~/.zshrc
  nexus-registry hook bash --line >> ~/.bashrc
  mkdir -p ~/.config/fish && nexus-registry hook fish --line >> ~/.config/fish/config.fish
  eval "$(nexus-registry hook zsh)"        does the same, and starts a process

The daemon (sync --watch) as a service of yours; the first lines of what is printed say how to install it:
  mkdir -p ~/.config/systemd/user && nexus-registry hook systemd > ~/.config/systemd/user/nexus-registry.service
  mkdir -p ~/Library/LaunchAgents && nexus-registry hook launchd > ~/Library/LaunchAgents/nexus-registry.sync.plist`,
    )
    // Nothing here depends on a configuration, and a shell's start must not fail for one.
    .action(execute(printHook, { config: 'collect' }))
}

async function printHook(context: CommandContext, shell: string, options: HookOptions): Promise<ExitCode> {
  const { host, print } = context
  if (managers.some(manager => manager === shell)) {
    print(await renderService(shell, context, options))
    return 0
  }
  const file = `hook.${shell}`
  if (options.line) print(renderLine(shell, quoteForAnyShell(shellFilePath(file, host))))
  else if (options.path) print(shellFilePath(file, host))
  else print(`${nameProgram(shell, context)}\n${await loadShellFile(file, host)}`)
  return 0
}

// Sources the file while it is there. Neither form leaves an exit code behind when it is not.
function renderLine(shell: string, file: string): string {
  return shell === 'fish' ? `test ! -e ${file}; or source ${file}` : `[[ ! -e ${file} ]] || source ${file}`
}

async function renderService(name: string, context: CommandContext, options: HookOptions): Promise<string> {
  if (options.path || options.line) {
    const option = options.path ? '--path' : '--line'
    throw new NexusError(
      'usage',
      `${option} does not go with ${name}: its file is written for each machine`,
      {
        hint: `Print it: nexus-registry hook ${name}`,
      },
    )
  }
  const [{ serviceManagers }, { describeService }] = await Promise.all([
    import('../../sync/service/service.ts'),
    import('../describe-service.ts'),
  ])
  const manager = serviceManagers.find(each => each.name === name)
  const text = manager?.render(describeService(context))
  if (text !== undefined) return text
  throw new NexusError('input', `a path or variable has a character that ${name} has no word for`, {
    hint: 'Look for control characters in PATH and in the name of the home',
  })
}

// Evaluated text does not know where it comes from.
function nameProgram(shell: string, { host }: CommandContext): string {
  const launcher = quoteForAnyShell(host.path.join(host.programRoot, 'bin', 'nexus-registry'))
  const name = '_nexus_registry_program'
  return shell === 'fish' ? `set -g ${name} ${launcher}` : `${name}=${launcher}`
}
