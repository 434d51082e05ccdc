import { toVisible } from '../../lib/text/visible.ts'
import type { Listing } from '../../query/list.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { type RegistryName, registryNames } from '../../registry/schema/names.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

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
          const { listHome, listNamedEntry } = await import('../../query/list.ts')
          const registry = name === undefined ? undefined : parseRegistryName(name)
          const { directory } = await context.home()
          const { platformRoot } = context.config
          const listing =
            name !== undefined && registry === undefined
              ? await listNamedEntry({ directory, name, platformRoot }, context.host)
              : await listHome({ directory, registry, platformRoot }, context.host)
          if (context.globals.json) context.print(JSON.stringify(listing.data, null, 2))
          else context.print(await renderListing(listing, registry, flags.all === true, context))
          for (const warning of listing.warnings) context.note(toVisible(warning))
          return listing.warnings.length === 0 ? 0 : 1
        },
      ),
    )
}

/** A terminal gets what is worth knowing; a pipe, and --all, the whole table. */
async function renderListing(
  listing: Listing,
  registry: RegistryName | undefined,
  isWhole: boolean,
  { host, style }: CommandContext,
): Promise<string> {
  const { columns: width, isTerminal } = host.stdout
  if (isTerminal && !isWhole) {
    const [{ isSummarized, renderEntryList }, { toSigns }] = await Promise.all([
      import('../../query/render-list.ts'),
      import('../../lib/terminal/signs.ts'),
    ])
    const { entries } = listing
    const facts = { entries, now: host.clock.now(), userHome: host.userHome }
    if (isSummarized(registry))
      return renderEntryList({ registry, ...facts }, { style, signs: toSigns(host.env), width })
  }
  const { renderTable } = await import('../../lib/terminal/table.ts')
  return renderTable(listing, { style, width })
}
