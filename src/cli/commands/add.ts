import { addEntries } from '../add-entries.ts'
import type { ExitCode, RegisterCommand } from '../command-context.ts'
import type { EditFlags } from '../run-edit.ts'

export const registerAdd: RegisterCommand = (program, execute) => {
  program
    .command('add')
    .description('Add known tools, Python libraries and providers to the registries')
    .argument('<name...>', 'Names that the catalog knows: rg, numpy, perplexity')
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would be added, without adding it')
    .addHelpText(
      'after',
      `
Adds the entry, its variable, and its entry in the dashboard, and corrects the expected counts: all files or none. On a
terminal it asks first; elsewhere nothing is added without --yes (exit code 2).

Examples:
  nexus-registry add rg fd            two tools
  nexus-registry add numpy --yes      a Python library, without asking
  nexus-registry add uv --dry-run     show the plan`,
    )
    .action(
      execute(async (context, names: readonly string[], flags: EditFlags): Promise<ExitCode> => {
        const { findAdditions } = await import('../../edit/find-additions.ts')
        const home = await context.home('write')
        const { additions, present } = await findAdditions(names, home, context.host)
        return addEntries(additions, present, flags, context)
      }),
    )
}
