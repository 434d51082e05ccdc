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
    .description('Print the shell integration, or a systemd or launchd unit')
    .addArgument(
      new Argument('<shell>', 'The shell or service manager that reads it').choices([...shells, ...managers]),
    )
    .option('--path', 'Print its path instead')
    .option('--line', 'Print the line for a start-up file instead')
    .addHelpText(
      'after',
      `
Add one line to the start-up file. It starts no process, and does nothing after nexus-registry is uninstalled.

Examples:
  nexus-registry hook zsh --line >> ~/.zshrc
  nexus-registry hook bash --line >> ~/.bashrc
  mkdir -p ~/.config/fish && nexus-registry hook fish --line >> ~/.config/fish/config.fish
  eval "$(nexus-registry hook zsh)"        the same, but starts a process

The daemon (sync --watch) as a user service; the first lines of the output say how to install it:
  mkdir -p ~/.config/systemd/user && nexus-registry hook systemd > ~/.config/systemd/user/nexus-registry.service
  mkdir -p ~/Library/LaunchAgents && nexus-registry hook launchd > ~/Library/LaunchAgents/nexus-registry.sync.plist`,
    )
    // The output does not depend on the configuration, and a broken one must not break the start of a shell.
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

// Sources the file if it exists. If not, both forms still exit with 0.
function renderLine(shell: string, file: string): string {
  return shell === 'fish' ? `test ! -e ${file}; or source ${file}` : `[[ ! -e ${file} ]] || source ${file}`
}

async function renderService(name: string, context: CommandContext, options: HookOptions): Promise<string> {
  if (options.path || options.line) {
    const option = options.path ? '--path' : '--line'
    throw new NexusError(
      'usage',
      `${option} cannot be combined with ${name}: its unit is generated for each machine`,
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
  throw new NexusError('input', `a path or variable has a character that ${name} cannot represent`, {
    hint: 'Remove control characters from PATH and from the path of the home',
  })
}

// An evaluated script cannot find its own path.
function nameProgram(shell: string, { host }: CommandContext): string {
  const launcher = quoteForAnyShell(host.path.join(host.programRoot, 'bin', 'nexus-registry'))
  const name = '_nexus_registry_program'
  return shell === 'fish' ? `set -g ${name} ${launcher}` : `${name}=${launcher}`
}
