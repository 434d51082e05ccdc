import type { Addition, AdditionPlan } from '../edit/plan-additions.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { registryFiles } from '../registry/schema/names.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { confirmChange } from './confirm-change.ts'

export interface AddFlags {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

/** Shows the plan, asks on a terminal, and adds. Elsewhere nothing is added without --yes: exit code 2. */
export async function addEntries(
  additions: readonly Addition[],
  present: readonly string[],
  flags: AddFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { applyAdditions, previewAdditions } = await import('../edit/apply-additions.ts')
  const { globals, host, note, say, style } = context
  const home = await context.home('write')
  const plan = await previewAdditions(additions, home, host)
  const isNeeded = plan.added.length > 0
  if (!globals.json) showPlan(plan, present, context)
  const code = isNeeded ? await confirmPlan(flags, context) : 0
  const isDone = isNeeded && code === undefined
  const { added } = isDone ? await applyAdditions(additions, home, host) : plan
  if (globals.json) context.print(renderJson(plan, present, isDone))
  else if (isDone) say(`${style.green('Added')} ${renderCount(added.length, 'entry', 'entries')}`)
  if (isDone) note('Next: nexus-registry sync')
  return code ?? 0
}

/** Undefined when the plan is wanted, else the exit code. */
async function confirmPlan(
  { yes, dryRun }: AddFlags,
  context: CommandContext,
): Promise<ExitCode | undefined> {
  if (dryRun) {
    context.note('Nothing was changed')
    return 0
  }
  if (yes) return undefined
  const canAsk = !context.globals.json
  return confirmChange({ question: 'Add this?', advice: '--yes adds this', canAsk }, context)
}

function showPlan(plan: AdditionPlan, present: readonly string[], context: CommandContext): void {
  for (const ref of [...present, ...plan.present]) context.note(toVisibleLine(`${ref} is there already`))
  if (plan.added.length > 0) context.say(renderPlan(plan, context))
}

function renderPlan({ added, texts }: AdditionPlan, { style }: CommandContext): string {
  const lines = added.map(({ ref, name, variable }) => `${style.green('+')} ${ref} (${name}), ${variable}`)
  const files = [...texts.keys()].map(name => registryFiles[name])
  return [...lines.map(toVisibleLine), `Changes ${files.join(', ')}`].join('\n')
}

function renderJson(
  { added, texts, ...plan }: AdditionPlan,
  others: readonly string[],
  isDone: boolean,
): string {
  const present = [...others, ...plan.present]
  const files = [...texts.keys()].map(name => registryFiles[name])
  const data = {
    done: isDone,
    added: added.map(({ ref }) => ref),
    present,
    files: added.length > 0 ? files : [],
  }
  return JSON.stringify(data, null, 2)
}
