import { renderCount } from '../../lib/text/format.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import { registryFiles } from '../../registry/schema/names.ts'
import type { ExitCode, RegisterCommand } from '../command-context.ts'
import { type EditFlags, runEdit } from '../run-edit.ts'

export const registerRename: RegisterCommand = (program, execute) => {
  program
    .command('rename')
    .description('Give an entry another id; references to it follow')
    .argument('<ref>', 'Ref or another name of an entry: tools/rg, dashboard/metrics/load_average')
    .argument('<new-id>', 'Its new id, without the registry')
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would change, without changing it')
    .addHelpText(
      'after',
      `
The entry keeps its place in the file and its variable: shells know it by that. Lists, edges and the dashboard follow.
All files change or none. On a terminal it asks first; elsewhere nothing is changed without --yes (exit code 2).

Examples:
  nexus-registry rename tools/rg ripgrep              another id for a tool
  nexus-registry rename providers/groq groq-eu -y     without asking`,
    )
    .action(
      execute(async (context, name: string, newId: string, flags: EditFlags): Promise<ExitCode> => {
        const { toRenameEdit } = await import('../../edit/plan-rename.ts')
        return runEdit(
          {
            edit: toRenameEdit({ name, newId }),
            question: 'Rename this?',
            describe: ({ from, to, followers }, style) => {
              const also =
                followers.length === 0
                  ? ''
                  : ` (${renderCount(followers.length, 'entry follows', 'entries follow')})`
              return `${style.yellow('~')} ${toVisibleLine(`${from} → ${to}${also}`)}`
            },
            summarize: ({ from, to }, style) =>
              `${style.green('Renamed')} ${toVisibleLine(`${from} to ${to}`)}`,
            toJson: ({ from, to, followers, texts }, isDone) => ({
              done: isDone,
              from,
              to,
              changed: followers,
              files: [...texts.keys()].map(each => registryFiles[each]),
            }),
          },
          flags,
          context,
        )
      }),
    )
}
