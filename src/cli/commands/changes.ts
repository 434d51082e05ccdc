import type { JournalChange } from '../../journal/list-changes.ts'
import { NexusError } from '../../lib/errors.ts'
import type { Style } from '../../lib/terminal/style.ts'
import { parseDuration } from '../../lib/text/duration.ts'
import { formatAge, renderCount } from '../../lib/text/format.ts'
import { toVisibleJson, toVisibleLine } from '../../lib/text/visible.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface ChangesFlags {
  readonly since?: string
  readonly kind?: string
  readonly ref?: string
}

export const registerChanges: RegisterCommand = (program, execute) => {
  program
    .command('changes')
    .description('Show what has changed in the last 30 days: edits, and what syncs found')
    .option('--since <time>', 'Only changes of this time: 90m, 12h, 7d or 2w (default: 30d)')
    .option('--kind <kind>', 'Only one kind: edit, or detected')
    .option('--ref <ref>', 'Only changes of one entry, like tools/docker')
    .addHelpText(
      'after',
      `
Edits are those of commands, of writes over HTTP, of upstreams and of people who change the files. Detected changes are
what a sync found: a tool came, went, broke or has another version; a service or a local runtime is up or down.

Examples:
  nexus-registry changes                       the last 30 days
  nexus-registry changes --since 1d            since yesterday
  nexus-registry changes --ref tools/docker    what became of one entry
  nexus-registry changes --kind edit --json    edits, as JSON`,
    )
    .action(execute(runChanges))
}

async function runChanges(context: CommandContext, flags: ChangesFlags): Promise<ExitCode> {
  const { host, globals, note, print, style } = context
  const [{ loadJournal }, { changeKinds }, { listChanges }] = await Promise.all([
    import('../../journal/journal.ts'),
    import('../../journal/change-kinds.ts'),
    import('../../journal/list-changes.ts'),
  ])
  const filter = toFilter(flags, changeKinds, host.clock.now())
  const { directory } = await context.home()
  const changes = listChanges(await loadJournal(directory, host), filter)
  if (globals.json) {
    print(toVisibleJson(changes))
    return 0
  }
  const summary = flags.ref === undefined ? [] : await summarizeEntry(directory, flags.ref, host)
  if (changes.length === 0) {
    for (const line of summary) context.say(line)
    note(`No changes in the last ${flags.since ?? '30d'}`)
    return 0
  }
  const { renderTable } = await import('../../lib/terminal/table.ts')
  const rows = changes.map(change => [
    formatAge(host.clock.now() - Date.parse(change.time), 'short'),
    toVisibleLine(change.ref),
    paintChange(change, style),
    toVisibleLine(describeChange(change)),
  ])
  const columns = ['when', 'ref', 'change', 'details'].map(heading => ({ heading }))
  print(await renderTable({ columns, rows }, { style, width: host.stdout.columns }))
  for (const line of summary) context.say(line)
  return 0
}

/** Since when an entry has its status, and how fast it responds, where the journal knows. */
async function summarizeEntry(home: string, ref: string, host: CommandContext['host']): Promise<string[]> {
  const [{ loadJournal, loadLatencyRecords }, { listStatusTimes, summarizeLatencies }] = await Promise.all([
    import('../../journal/journal.ts'),
    import('../../journal/list-changes.ts'),
  ])
  const since = listStatusTimes(await loadJournal(home, host)).get(ref)
  const latency = summarizeLatencies(await loadLatencyRecords(home, host), ref)
  return [
    ...(since === undefined ? [] : [`Last change of its status: ${formatAge(host.clock.now() - since)}`]),
    ...(latency === undefined
      ? []
      : [
          `Response times: median ${latency.median} ms, slowest ${latency.slowest} ms (${renderCount(latency.count, 'measurement')})`,
        ]),
  ]
}

function toFilter<Kind extends string>(
  { since, kind, ref }: ChangesFlags,
  kinds: readonly Kind[],
  now: number,
) {
  const ms = since === undefined ? undefined : parseDuration(since)
  if (since !== undefined && ms === undefined) {
    throw new NexusError(
      'usage',
      `--since takes a time like 90m, 12h, 7d or 2w, not ${JSON.stringify(since)}`,
      {
        hint: 'nexus-registry changes --since 7d',
      },
    )
  }
  const known = kinds.find(each => each === kind)
  if (kind !== known) {
    throw new NexusError('usage', `--kind takes edit or detected, not ${JSON.stringify(kind)}`, {
      hint: 'nexus-registry changes --kind edit',
    })
  }
  return { since: ms === undefined ? undefined : now - ms, kind: known, ref }
}

const good: readonly string[] = ['came', 'repaired', 'up', 'added']
const bad: readonly string[] = ['broke', 'went', 'down', 'removed']

function paintChange({ change }: JournalChange, style: Style): string {
  if (bad.includes(change)) return style.red(change)
  if (good.includes(change)) return style.green(change)
  return change
}

function describeChange(change: JournalChange): string {
  if (change.kind === 'edit') {
    const by = change.token === null ? change.by : `${change.by} (token ${change.token})`
    return change.fields.length === 0 ? `by ${by}` : `${change.fields.join(', ')} by ${by}`
  }
  const { from, to } = change
  return `${from ?? 'none'} → ${to ?? 'none'}`
}
