import { toVisible } from '../../lib/text/visible.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { registryNames } from '../../registry/schema/names.ts'
import type { ExitCode, RegisterCommand } from '../command-context.ts'

export const registerList: RegisterCommand = (program, execute) => {
  program
    .command('list')
    .alias('ls')
    .description('List the registries, or the entries of one')
    .argument('[registry]', `One of ${registryNames.join(', ')}; or the name of an entry`)
    .option('--all', 'Show every entry in a table on a terminal too, as a pipe gets it')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry list                 the nine registries
  nexus-registry list tools           which tools are present
  nexus-registry list models          which models can be called now, those of local runtimes too
  nexus-registry list kubectl         one entry, by any of its names
  nexus-registry list models --all    every model in a table, with its status
  nexus-registry list models --json   every field, as JSON`,
    )
    .action(
      execute(
        async (context, name: string | undefined, flags: { readonly all?: true }): Promise<ExitCode> => {
          const [{ listHome, listNamedEntry }, { isSummarized, renderEntryList }, { toSigns }] =
            await Promise.all([
              import('../../query/list.ts'),
              import('../../query/render-list.ts'),
              import('../../lib/terminal/signs.ts'),
            ])
          const registry = name === undefined ? undefined : parseRegistryName(name)
          const { directory } = await context.home()
          const { platformRoot } = context.config
          const listing =
            name !== undefined && registry === undefined
              ? await listNamedEntry({ directory, name, platformRoot }, context.host)
              : await listHome({ directory, registry, platformRoot }, context.host)
          if (context.globals.json) context.print(JSON.stringify(listing.data, null, 2))
          else if (isSummarized(registry) && context.host.stdout.isTerminal && !flags.all) {
            const { host, style } = context
            const view = {
              registry,
              entries: listing.entries,
              now: host.clock.now(),
              userHome: host.userHome,
            }
            const { columns: width } = host.stdout
            context.print(renderEntryList(view, { style, signs: toSigns(host.env), width }))
          } else {
            const { renderTable } = await import('../../lib/terminal/table.ts')
            context.print(
              await renderTable(listing, { style: context.style, width: context.host.stdout.columns }),
            )
          }
          for (const warning of listing.warnings) context.note(toVisible(warning))
          return listing.warnings.length === 0 ? 0 : 1
        },
      ),
    )
}
