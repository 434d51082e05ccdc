import type { RemovalPlan } from '../../edit/plan-removal.ts'
import type { Style } from '../../lib/terminal/style.ts'
import { renderCount } from '../../lib/text/format.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import { registryFiles } from '../../registry/schema/names.ts'
import type { ExitCode, RegisterCommand } from '../command-context.ts'
import { type EditFlags, runEdit } from '../run-edit.ts'

interface RemoveFlags extends EditFlags {
  readonly cascade?: boolean
}

export const registerRemove: RegisterCommand = (program, execute) => {
  program
    .command('remove')
    .alias('rm')
    .description('Remove entries, with their dashboard entries, counts and edges')
    .argument('<ref...>', 'Refs or other names of entries: tools/rg, numpy, dashboard/metrics/load_average')
    .option(
      '--cascade',
      'Remove what cannot exist without them too, and take them out of lists that mention them',
    )
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would be removed, without removing it')
    .addHelpText(
      'after',
      `
Without --cascade nothing is removed while another entry depends on one of them: they are listed, and the exit code is 1.
All files change or none. On a terminal it asks first; elsewhere nothing is removed without --yes (exit code 2).
An upgrade does not bring back what you removed.

Examples:
  nexus-registry remove tools/rg                         a tool that nothing depends on
  nexus-registry remove providers/groq --cascade         with its models and its adapter
  nexus-registry remove models/o3 --cascade --dry-run    show the plan`,
    )
    .action(
      execute(async (context, names: readonly string[], flags: RemoveFlags): Promise<ExitCode> => {
        const { toRemovalEdit } = await import('../../edit/plan-removal.ts')
        const code = await runEdit(
          {
            edit: toRemovalEdit({ names, isCascade: flags.cascade === true }),
            question: 'Remove this?',
            describe: describeRemoval,
            summarize: (plan, style) => {
              const count = plan.removed.length + plan.dependents.filter(({ isRemoved }) => isRemoved).length
              return `${style.green('Removed')} ${renderCount(count, 'entry', 'entries')}`
            },
            toJson: toRemovalJson,
            toExitCode: ({ isRefused }) => (isRefused ? 1 : 0),
          },
          flags,
          context,
        )
        if (code === 1 && flags.cascade !== true && !context.globals.json) {
          context.note('Nothing was changed: --cascade removes and changes these too')
        }
        return code
      }),
    )
}

/** Dependents that are listed for people. The others are counted. */
const maxListed = 30

function describeRemoval({ removed, dependents, isRefused }: RemovalPlan, style: Style): string {
  const listed = dependents.slice(0, maxListed).map(({ ref, field, names, isRemoved }) => {
    const [holder, subject] = [ref, names.join(', ')].map(toVisibleLine)
    if (isRefused) return `${subject} is needed by ${holder} (${field})`
    if (isRemoved) return `${style.red('-')} ${holder}, which cannot exist without ${subject}`
    return `${style.yellow('~')} ${holder}, ${field} without ${subject}`
  })
  const rest = dependents.length - listed.length
  const lines = [
    ...(isRefused ? [] : removed.map(ref => `${style.red('-')} ${toVisibleLine(ref)}`)),
    ...listed,
    ...(rest > 0 ? [`… and ${renderCount(rest, 'other', 'others')}`] : []),
  ]
  return lines.join('\n')
}

function toRemovalJson({ removed, dependents, isRefused, texts }: RemovalPlan, isDone: boolean): object {
  const toDependent = ({ ref, field, names }: RemovalPlan['dependents'][number]) => ({ ref, field, names })
  const [cascaded, changed] = [true, false].map(isRemoved =>
    dependents.filter(each => each.isRemoved === isRemoved).map(toDependent),
  )
  return {
    done: isDone,
    refused: isRefused,
    removed,
    cascaded,
    changed,
    files: [...texts.keys()].map(name => registryFiles[name]),
  }
}
