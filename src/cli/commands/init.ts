import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

export const registerInit: RegisterCommand = (program, execute) => {
  program
    .command('init')
    .description('Create a registry home')
    .argument('[dir]', 'New or empty directory (default: the one that other commands use)')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry init                 your own home
  nexus-registry init ./registries    a home in a project`,
    )
    .action(
      execute(async (context, named: string | undefined): Promise<ExitCode> => {
        const { host, globals, style } = context
        const { createHome } = await import('../../registry/home/create-home.ts')
        const directory = host.path.resolve(host.cwd, named ?? (await chooseDirectory(context)))
        await createHome(directory, host)
        if (globals.json) context.print(JSON.stringify({ home: directory, created: true }, null, 2))
        else context.say(`${style.green('Created')} the registry home ${toVisibleLine(directory)}`)
        context.note(await nextStep(directory, context))
        return 0
      }),
    )
}

async function chooseDirectory({ globals, host, config }: CommandContext): Promise<string> {
  const chosen =
    globals.home ?? (host.env.NEXUS_REGISTRY_HOME || config.home) ?? (await defaultDirectory(host))
  if (chosen) return chosen
  throw new NexusError('usage', 'no directory given, and neither HOME nor XDG_DATA_HOME is set', {
    hint: 'Name one: nexus-registry init DIR',
  })
}

async function defaultDirectory(host: CommandContext['host']): Promise<string | undefined> {
  const { dataDirectory } = await import('../../registry/home/directories.ts')
  return dataDirectory(host)
}

async function nextStep(directory: string, { host }: CommandContext): Promise<string> {
  const isDefault = directory === (await defaultDirectory(host)) && !host.env.NEXUS_REGISTRY_HOME
  return `Next: nexus-registry sync${isDefault ? '' : ` --home ${toShellWord(directory)}`}`
}
