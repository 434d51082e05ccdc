import type { Addition } from '../edit/addition.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { registryFiles } from '../registry/schema/names.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { type DetectedEntry, detectChanged, tryToDetect } from './detect-changed.ts'
import { type EditFlags, runEdit } from './run-edit.ts'

/** What is added, and what is not necessary. */
interface AddRequest {
  readonly additions: readonly Addition[]
  /** Refs that are there already. */
  readonly present?: readonly string[]
}

/** Shows the plan, asks on a terminal, adds, and detects. Elsewhere nothing is added without --yes: exit code 2. */
export async function addEntries(
  { additions, present = [] }: AddRequest,
  flags: EditFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ toAdditionEdit }, { listManualSteps }] = await Promise.all([
    import('../edit/validate-additions.ts'),
    import('../edit/manual-steps.ts'),
  ])
  const { host, note, noteStyle } = context
  for (const ref of present) note(toVisibleLine(`${ref} is there already`))
  const outcomes = new Map<string, DetectedEntry>()
  const steps = listManualSteps(additions, context.config.platformRoot, host)
  return runEdit(
    {
      edit: toAdditionEdit(additions, host),
      question: 'Add this?',
      describe: ({ added, warnings, ...plan }, style) => {
        for (const warning of warnings) note(`${noteStyle.yellow('warning:')} ${toVisibleLine(warning)}`)
        return [
          ...plan.present.map(ref => toVisibleLine(`${ref} is there already`)),
          ...added.map(({ ref, name, variable }) => {
            const exported = variable === undefined ? '' : `, ${variable}`
            return `${style.green('+')} ${toVisibleLine(`${ref} (${name})${exported}`)}`
          }),
        ].join('\n')
      },
      summarize: ({ added }, style) =>
        [
          `${style.green('Added')} ${renderCount(added.length, 'entry', 'entries')}`,
          ...[...outcomes.values()].map(({ text }) => toVisibleLine(text)),
          ...(steps.length > 0 ? ['', 'What remains to be done by hand:'] : []),
          ...steps.map((step, index) => toVisibleLine(`  ${index + 1}. ${step}`)),
        ].join('\n'),
      toJson: ({ added, texts, ...plan }, isDone) => ({
        done: isDone,
        added: added.map(({ ref }) => ref),
        present: [...present, ...plan.present],
        files: [...texts.keys()].map(name => registryFiles[name]),
        warnings: plan.warnings,
        ...(isDone && { found: Object.fromEntries([...outcomes].map(([ref, { data }]) => [ref, data])) }),
        remaining: steps,
      }),
      afterCommit: async ({ added }) => {
        const refs = new Set(added.map(({ ref }) => ref))
        const found = [
          ...(await detectChanged([...refs], context)),
          ...(await tryToDetect(() => measureAdded(refs, additions, context), context)),
        ]
        for (const each of found) outcomes.set(each.ref, each)
      },
    },
    flags,
    context,
  )
}

async function measureAdded(
  refs: ReadonlySet<string>,
  additions: readonly Addition[],
  context: CommandContext,
): Promise<DetectedEntry[]> {
  const metrics = additions.flatMap(addition => (addition.registry === 'dashboard' ? [addition] : []))
  if (metrics.length === 0) return []
  const [{ measures }, { loadSnapshot }, { toDashboardRef }] = await Promise.all([
    import('../dashboard/model/measures/index.ts'),
    import('../registry/load/load-snapshot.ts'),
    import('../registry/dashboard-items.ts'),
  ])
  const home = await context.home()
  const snapshot = await loadSnapshot(home.directory, context.host)
  const request = { home, isDeep: false, firstPauseMs: 200 }
  const found = await Promise.all(measures.map(create => create(request, context.host)(snapshot)))
  const samples = new Map(found.flatMap(each => [...each]))
  return metrics.flatMap(({ id, entry }): DetectedEntry[] => {
    const ref = toDashboardRef('metrics', id)
    const sample = samples.get(`metric/${id}`)
    if (!refs.has(ref)) return []
    const value = sample?.value ?? null
    const reason = sample === undefined ? 'nothing measures it' : 'reason' in sample ? sample.reason : null
    const unit = typeof entry.unit === 'string' ? ` ${entry.unit}` : ''
    const text = value === null ? `${id} has no value yet: ${reason}` : `${id} is ${value}${unit}`
    return [{ ref, text, data: { value, reason } }]
  })
}
