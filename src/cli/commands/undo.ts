import { NexusError } from '../../lib/errors.ts'
import { formatAge } from '../../lib/text/format.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import { registryFiles } from '../../registry/schema/names.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { type EditFlags, runEdit } from '../run-edit.ts'

export const registerUndo: RegisterCommand = (program, execute) => {
  program
    .command('undo')
    .description('Undo the last change that a command made to the registries')
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would be undone, without undoing it')
    .addHelpText(
      'after',
      `
Reverts the last add, edit, remove, rename, import or upgrade of this registry home; again, the one before it. Everything
that it changed gets its old text back. Syncs, writes over HTTP and edits in files stay; "changes" shows them. It refuses
when the same entries were changed since.

Examples:
  nexus-registry undo --dry-run    show what would be undone
  nexus-registry undo              show it, ask, and undo it
  nexus-registry changes           what has changed, by what`,
    )
    .action(execute(runUndo))
}

async function runUndo(context: CommandContext, flags: EditFlags): Promise<ExitCode> {
  const { host } = context
  const [{ findLastEdit, joinSome, toUndoEdit }, { removeUndoData }] = await Promise.all([
    import('../../edit/undo.ts'),
    import('../../journal/undo-data.ts'),
  ])
  const { directory } = await context.home(flags.dryRun ? 'read' : 'write')
  const { data, obsolete } = await findLastEdit(directory, host)
  if (data === undefined) {
    throw new NexusError('input', 'There is nothing to undo in this registry home', {
      hint: 'Show what has changed: nexus-registry changes',
    })
  }
  const removeAll = async () => {
    for (const id of [...obsolete, data.id]) await removeUndoData(directory, id, host)
  }
  return runEdit(
    {
      edit: toUndoEdit(data, host),
      question: 'Undo this?',
      describe: ({ undone }, style) =>
        style.bold(
          toVisibleLine(`Undo ${undone.command}, ${formatAge(host.clock.now() - Date.parse(undone.time))}`),
        ),
      summarize: ({ undone, refs }, style) =>
        toVisibleLine(
          `${style.green('Undid')} ${undone.command}${refs.length > 0 ? ` of ${joinSome(refs)}` : ''}`,
        ),
      toJson: ({ undone, refs, texts }, isDone) => ({
        done: isDone,
        undone,
        refs,
        files: [...texts.keys()].map(name => registryFiles[name]),
      }),
      afterCommit: removeAll,
    },
    flags,
    context,
  )
}
