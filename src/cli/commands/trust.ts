import { NexusError } from '../../core/errors.ts'
import { toShellWord } from '../../core/to-shell-word.ts'
import type { OwnCommand } from '../../features/trust/review-home.ts'
import { toVisibleLine } from '../../render/visible.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface TrustOptions {
  readonly list?: boolean
  readonly revoke?: boolean
}

export const registerTrust: RegisterCommand = (program, execute) => {
  program
    .command('trust')
    .description('allow a registry home to run its detection commands')
    .argument('[path]', 'registry home; without it the one that other commands would use')
    .option('--list', 'show what is trusted')
    .option('--revoke', 'take it back')
    .addHelpText(
      'after',
      `
The grant is for the files as they are: one changed byte, and it is asked for again.

Examples:
  nexus-registry trust ./registries             show what it runs, and allow it
  nexus-registry trust --list                   what is trusted, and since when
  nexus-registry trust --revoke ./registries    not any more`,
    )
    .action(
      execute(async (context, path: string | undefined, options: TrustOptions): Promise<ExitCode> => {
        if (options.list && (options.revoke || path !== undefined)) {
          throw new NexusError('usage', '--list shows all homes: it goes with no path and no --revoke', {
            hint: 'Leave one of them out',
          })
        }
        if (options.list) return list(context)
        const directory = await chooseDirectory(context, path)
        return options.revoke ? revoke(context, directory) : grant(context, directory)
      }),
    )
}

async function chooseDirectory({ host, home }: CommandContext, path: string | undefined): Promise<string> {
  return path === undefined ? (await home()).directory : host.path.resolve(host.cwd, path)
}

async function grant(context: CommandContext, directory: string): Promise<ExitCode> {
  const [{ reviewHome }, { grantTrust }] = await Promise.all([
    import('../../features/trust/review-home.ts'),
    import('../../store/trust.ts'),
  ])
  const { commands, hashes } = await reviewHome(directory, context.host)
  const granted = await grantTrust(directory, context.host, hashes)
  if (context.globals.json) {
    context.print(JSON.stringify({ path: granted.path, granted_at: granted.granted_at, commands }, null, 2))
    return 0
  }
  context.say(await renderCommands(commands, context))
  const shown = toVisibleLine(granted.path)
  context.say(`${context.style.green('Trusted')} ${shown}`)
  context.note(`Take it back with nexus-registry trust --revoke ${toShellWord(granted.path)}`)
  return 0
}

async function renderCommands(commands: readonly OwnCommand[], context: CommandContext): Promise<string> {
  if (commands.length === 0) return 'It runs nothing that nexus-registry does not run by itself.'
  const [{ renderTable }, { renderCount }] = await Promise.all([
    import('../../render/table.ts'),
    import('../../render/count.ts'),
  ])
  const columns = [{ heading: 'entry' }, { heading: 'field' }, { heading: 'runs' }]
  const rows = commands.map(({ ref, field, command }) => [ref, field, command])
  // Nothing is cut: what is allowed has to be seen.
  const table = await renderTable({ columns, rows }, { style: context.style, width: undefined })
  return `It may now run ${renderCount(commands.length, 'command')} of its own:\n\n${table}\n\n`
}

async function revoke(context: CommandContext, directory: string): Promise<ExitCode> {
  const { revokeTrust } = await import('../../store/trust.ts')
  const wasTrusted = await revokeTrust(directory, context.host)
  const shown = toVisibleLine(directory)
  if (context.globals.json) context.print(JSON.stringify({ path: directory, revoked: wasTrusted }, null, 2))
  else context.say(wasTrusted ? `${shown} is not trusted any more` : `${shown} was not trusted`)
  return wasTrusted ? 0 : 1
}

async function list(context: CommandContext): Promise<ExitCode> {
  const { listTrust } = await import('../../store/trust.ts')
  const grants = await listTrust(context.host)
  if (context.globals.json) {
    context.print(
      JSON.stringify(
        grants.map(({ path, granted_at }) => ({ path, granted_at })),
        null,
        2,
      ),
    )
  } else if (grants.length === 0) context.note('No registry home is trusted but your own')
  else {
    const [{ renderTable }, { renderAge }] = await Promise.all([
      import('../../render/table.ts'),
      import('../../render/age.ts'),
    ])
    const now = context.host.clock.now()
    const rows = grants.map(({ path, granted_at }) => [path, renderAge(now - Date.parse(granted_at))])
    const columns = [{ heading: 'home' }, { heading: 'trusted' }]
    context.print(
      await renderTable({ columns, rows }, { style: context.style, width: context.host.stdout.columns }),
    )
  }
  return 0
}
