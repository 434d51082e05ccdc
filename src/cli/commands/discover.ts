import type { Discovery } from '../../edit/find-additions.ts'
import { NexusError } from '../../lib/errors.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import { addEntries } from '../add-entries.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import type { EditFlags } from '../run-edit.ts'

interface DiscoverFlags extends EditFlags {
  readonly versions?: boolean
  readonly add?: boolean | readonly string[]
}

export const registerDiscover: RegisterCommand = (program, execute) => {
  program
    .command('discover')
    .description('List known tools and providers that are here and in no registry')
    .option('--versions', 'Run the version commands too')
    .option('--add [name...]', 'Add all of them to the registries, or those named')
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would be added, without adding it')
    .addHelpText(
      'after',
      `
Looks at the directories of PATH and at which variables are set. Without --versions it starts no process.

Examples:
  nexus-registry discover                list them
  nexus-registry discover --add          add all of them, after asking
  nexus-registry discover --add rg fd    add two of them`,
    )
    .action(
      execute(async (context, flags: DiscoverFlags): Promise<ExitCode> => {
        const { discover } = await import('../../edit/find-additions.ts')
        const { config, host } = context
        const home = await context.home(flags.add === undefined ? 'read' : 'write')
        const request = { home, hasVersions: flags.versions ?? false, timeoutMs: config.timeoutMs }
        const found = await discover(request, host)
        if (flags.add === undefined) return list(found, context)
        const chosen = Array.isArray(flags.add) ? await choose(flags.add, found) : found
        return addEntries({ additions: chosen.map(({ addition }) => addition) }, flags, context)
      }),
    )
}

async function choose(names: readonly string[], found: readonly Discovery[]): Promise<Discovery[]> {
  const { nearest } = await import('../../lib/text/nearest.ts')
  const namesOf = ({ ref, addition, name, by }: Discovery) => [ref, addition.id, by, name.toLowerCase()]
  return names.map(name => {
    const one = found.find(each => namesOf(each).includes(name))
    if (one) return one
    const meant = nearest(name, found.flatMap(namesOf))
    const hint = meant ? `Did you mean ${meant}?` : 'nexus-registry add takes in what is not here too'
    throw new NexusError('usage', `${JSON.stringify(name)} was not discovered here`, { hint })
  })
}

async function list(found: readonly Discovery[], context: CommandContext): Promise<ExitCode> {
  const { globals, host, note, print, style } = context
  if (globals.json) {
    const data = found.map(({ addition: _, ...rest }) => rest)
    print(JSON.stringify(data, null, 2))
    return 0
  }
  if (found.length === 0) {
    note('Every known tool that is here is in the registry')
    return 0
  }
  const { renderTable } = await import('../../lib/terminal/table.ts')
  const hasVersions = found.some(({ version }) => version !== undefined)
  const columns = ['ref', 'name', 'by', ...(hasVersions ? ['version'] : []), 'path']
  const rows = found.map(({ ref, name, by, version, path }) =>
    [ref, name, by, ...(hasVersions ? [version ?? ''] : []), path ?? ''].map(toVisibleLine),
  )
  const table = { columns: columns.map(heading => ({ heading })), rows }
  print(await renderTable(table, { style, width: host.stdout.columns }))
  note('Add them: nexus-registry discover --add')
  return 0
}
