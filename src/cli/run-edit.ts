import type { Edit, EditPlan } from '../journal/commit-edit.ts'
import type { Style } from '../lib/terminal/style.ts'
import { toVisibleJson, toVisibleLine } from '../lib/text/visible.ts'
import type { FileChange, HomeContent } from '../registry/home/update-home.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { confirmChange } from './confirm-change.ts'

/** Flags of every command that changes registries. */
export interface EditFlags {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** How a command that changes registries shows its plan and its result. */
export interface EditRun<Plan extends EditPlan> {
  readonly edit: Edit<Plan>
  /** Lines for people that come before the difference; empty for none. */
  readonly describe: (plan: Plan, style: Style) => string
  /** Asked on a terminal, as in "Add this?". */
  readonly question: string
  /** A sentence about what was done, without its full stop. */
  readonly summarize: (plan: Plan, style: Style) => string
  /** The result for `--json`. */
  readonly toJson: (plan: Plan, isDone: boolean) => object
  /** Exit code of a plan that was shown or applied; 0 by default. */
  readonly toExitCode?: (plan: Plan) => ExitCode
  /** Called after the change, before the result is printed. */
  readonly afterCommit?: (plan: Plan, changes: readonly FileChange[]) => Promise<void>
}

/**
 * Runs a command that changes registries: shows the plan as a difference, asks on a terminal, and commits. Elsewhere nothing
 * is changed without --yes: exit code 2.
 */
export async function runEdit<Plan extends EditPlan>(
  run: EditRun<Plan>,
  flags: EditFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ commitEdit, previewEdit }, { renderDifference }] = await Promise.all([
    import('../journal/commit-edit.ts'),
    import('../edit/render-difference.ts'),
  ])
  const { globals, host, style } = context
  const { directory } = await context.home(flags.dryRun ? 'read' : 'write')
  const edit = planOnce(run.edit)
  const { plan, before } = await previewEdit(directory, edit, host)
  const toExitCode = run.toExitCode ?? (() => 0)
  const isChanging = plan.texts.size > 0 || plan.shippedMark !== undefined
  if (!globals.json && !globals.quiet) {
    const parts = [run.describe(plan, style), renderDifference(before, plan.texts, style)]
    printText(parts.filter(part => part !== '').join('\n'), context)
  }
  const code = isChanging ? await confirmEdit(run.question, flags, context) : toExitCode(plan)
  if (code !== undefined) {
    if (globals.json) context.print(toVisibleJson(run.toJson(plan, false)))
    return code === 0 ? toExitCode(plan) : code
  }
  const done = await commitEdit(directory, edit, host)
  for (const note of done.notes) context.note(toVisibleLine(note))
  await run.afterCommit?.(done.plan, done.changes)
  if (globals.json) context.print(toVisibleJson(run.toJson(done.plan, true)))
  else context.say(run.summarize(done.plan, style))
  return toExitCode(done.plan)
}

function printText(text: string, { print }: CommandContext): void {
  if (text !== '') print(text)
}

/** The plan of the preview is that of the commit, unless the files have changed meanwhile. */
function planOnce<Plan extends EditPlan>(edit: Edit<Plan>): Edit<Plan> {
  let last: { readonly texts: HomeContent; readonly plan: Plan } | undefined
  const isLast = (texts: HomeContent) =>
    last && edit.names.every(name => texts.get(name) === last?.texts.get(name))
  return {
    ...edit,
    plan: async texts => {
      if (!last || !isLast(texts)) last = { texts, plan: await edit.plan(texts) }
      return last.plan
    },
  }
}

/** Undefined when the change is wanted, else the exit code. */
async function confirmEdit(
  question: string,
  { yes, dryRun }: EditFlags,
  context: CommandContext,
): Promise<ExitCode | undefined> {
  if (dryRun) {
    context.note('Nothing was changed')
    return 0
  }
  if (yes) return undefined
  return confirmChange({ question, advice: 'add --yes to do this', canAsk: !context.globals.json }, context)
}
