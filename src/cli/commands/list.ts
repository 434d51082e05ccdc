import { NexusError } from '../../lib/errors.ts'
import { toVisible } from '../../lib/text/visible.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { type RegistryName, registryNames } from '../../registry/schema/names.ts'
import type { ExitCode, RegisterCommand } from '../command-context.ts'

export const registerList: RegisterCommand = (program, execute) => {
  program
    .command('list')
    .alias('ls')
    .description('List the registries, or the entries of one')
    .argument('[registry]', `One of ${registryNames.join(', ')}`)
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry list                 the nine registries
  nexus-registry list tools           which tools are present
  nexus-registry list models          which models can be called now
  nexus-registry list models --json   every field, as JSON`,
    )
    .action(
      execute(async (context, name: string | undefined): Promise<ExitCode> => {
        const { listHome } = await import('../../query/list.ts')
        const registry = name === undefined ? undefined : await toRegistryName(name)
        const { directory } = await context.home()
        const { platformRoot } = context.config
        const listing = await listHome({ directory, registry, platformRoot }, context.host)
        if (context.globals.json) context.print(JSON.stringify(listing.data, null, 2))
        else {
          const { renderTable } = await import('../../lib/terminal/table.ts')
          context.print(
            await renderTable(listing, { style: context.style, width: context.host.stdout.columns }),
          )
        }
        for (const warning of listing.warnings) context.note(toVisible(warning))
        return listing.warnings.length === 0 ? 0 : 1
      }),
    )
}

async function toRegistryName(text: string): Promise<RegistryName> {
  const name = parseRegistryName(text)
  if (name) return name
  const { suggest } = await import('../../lib/text/nearest.ts')
  const hint = suggest(text, registryNames) ?? `Registries are ${registryNames.join(', ')}`
  throw new NexusError('usage', `there is no registry ${JSON.stringify(text)}`, { hint })
}
