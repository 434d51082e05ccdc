import type { Addition } from '../edit/plan-additions.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { registryFiles } from '../registry/schema/names.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { type EditFlags, runEdit } from './run-edit.ts'

/** Shows the plan, asks on a terminal, and adds. Elsewhere nothing is added without --yes: exit code 2. */
export async function addEntries(
  additions: readonly Addition[],
  present: readonly string[],
  flags: EditFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { toAdditionEdit } = await import('../edit/plan-additions.ts')
  for (const ref of present) context.note(toVisibleLine(`${ref} is there already`))
  return runEdit(
    {
      edit: toAdditionEdit(additions),
      question: 'Add this?',
      describe: ({ added, ...plan }, style) =>
        [
          ...plan.present.map(ref => `${ref} is there already`),
          ...added.map(({ ref, name, variable }) => `${style.green('+')} ${ref} (${name}), ${variable}`),
        ]
          .map(toVisibleLine)
          .join('\n'),
      summarize: ({ added }, style) =>
        `${style.green('Added')} ${renderCount(added.length, 'entry', 'entries')}`,
      toJson: ({ added, texts, ...plan }, isDone) => ({
        done: isDone,
        added: added.map(({ ref }) => ref),
        present: [...present, ...plan.present],
        files: [...texts.keys()].map(name => registryFiles[name]),
      }),
      afterCommit: async () => context.note('Next: nexus-registry sync'),
    },
    flags,
    context,
  )
}
