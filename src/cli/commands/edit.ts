import type { EditedEntry } from '../../edit/edit-entry.ts'
import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { toVisible, toVisibleLine } from '../../lib/text/visible.ts'
import { registryFiles, registryNames } from '../../registry/schema/names.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { type DetectedEntry, detectChanged } from '../detect-changed.ts'
import { type EditFlags, runEdit } from '../run-edit.ts'

interface Flags extends EditFlags {
  readonly draft?: string
}

export const registerEdit: RegisterCommand = (program, execute) => {
  program
    .command('edit')
    .description('Change one entry in your editor')
    .argument('<ref>', 'Ref or another name of an entry: tools/rg, dashboard/metrics/load_average')
    .option('--draft <file>', 'Go on with a draft that was kept')
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would change, without changing it')
    .addHelpText(
      'after',
      `
Opens the fields of the entry in $VISUAL, else $EDITOR, else vi. When you leave the editor, the draft is validated and the
difference shown. On a terminal it asks first; elsewhere nothing is changed without --yes (exit code 2).
A draft that was not applied is kept, and its path printed. What the entry runs is detected again after the change.

Examples:
  nexus-registry edit tools/rg                            open one entry
  nexus-registry edit dashboard/metrics/load_average      a metric of the dashboard
  VISUAL='code --wait' nexus-registry edit models/o3 -y   another editor, without asking`,
    )
    .action(execute(editEntry))
}

/** One entry, and the file in which the user changes its fields. */
interface Session {
  readonly entry: EditedEntry
  readonly editor: string
  readonly file: string
  /** What the draft began with. */
  readonly original: string
  /** Whether the user named the file. */
  readonly isContinued: boolean
}

async function editEntry(context: CommandContext, name: string, flags: Flags): Promise<ExitCode> {
  const session = await openSession(name, flags, context)
  let isApplied = false
  try {
    const code = await editUntilValid(session, flags, context)
    isApplied = code === 0 && !flags.dryRun
    return code
  } finally {
    await settleDraft(session, isApplied, context)
  }
}

async function openSession(name: string, flags: Flags, context: CommandContext): Promise<Session> {
  const [{ readHomeFiles, toHomeContent }, { readEditedEntry, renderDraft }, { createDraft, readDraft }] =
    await Promise.all([
      import('../../registry/home/update-home.ts'),
      import('../../edit/edit-entry.ts'),
      import('../../edit/draft-file.ts'),
    ])
  const { host } = context
  const editor = requireEditor(context)
  const { directory } = await context.home(flags.dryRun ? 'read' : 'write')
  const files = await readHomeFiles(directory, registryNames, host)
  const entry = readEditedEntry(name, toHomeContent(files))
  if (flags.draft !== undefined) {
    const file = host.path.resolve(host.cwd, flags.draft)
    return { entry, editor, file, original: await readDraft(file, host), isContinued: true }
  }
  const original = renderDraft(entry)
  const file = await createDraft(entry.target.ref, original, host)
  return { entry, editor, file, original, isContinued: false }
}

// `vi` is what Git and crontab fall back to.
function requireEditor({ host }: CommandContext): string {
  const { VISUAL: visual, EDITOR: editor } = host.env
  const named = visual?.trim() || editor?.trim()
  if (named) return named
  if (host.isInteractive()) return 'vi'
  throw new NexusError('usage', 'there is no terminal for an editor', {
    hint: 'Set VISUAL or EDITOR to a command that changes the file that it gets',
  })
}

/** Opens the draft, and opens it again as long as it is not valid and the user wants to. */
async function editUntilValid(session: Session, flags: Flags, context: CommandContext): Promise<ExitCode> {
  for (;;) {
    await openEditor(session, context)
    try {
      return await applyDraft(session, flags, context)
    } catch (error) {
      if (!(error instanceof NexusError) || error.code !== 'input') throw error
      const { note, noteStyle, host } = context
      if (!host.isInteractive()) throw error
      note(`${noteStyle.red('error:')} ${toVisible(error.message)}`)
      if (!(await host.confirm('Edit the draft again?'))) throw error
    }
  }
}

async function openEditor({ editor, file }: Session, { host }: CommandContext): Promise<void> {
  const { code, reason } = await host.openInEditor(editor, file)
  if (code === 0) return
  const why = code === null ? reason : `exit code ${code}`
  throw new NexusError('usage', `the editor failed: ${editor} (${why}). Nothing was changed`, {
    hint: 'Set VISUAL or EDITOR to an editor that works here',
  })
}

async function applyDraft(
  { entry, file }: Session,
  flags: Flags,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ parseDraft, toEntryEdit }, { readDraft }] = await Promise.all([
    import('../../edit/edit-entry.ts'),
    import('../../edit/draft-file.ts'),
  ])
  const { host, note, noteStyle } = context
  const draft = parseDraft(await readDraft(file, host), file)
  let found: readonly DetectedEntry[] = []
  return runEdit(
    {
      edit: toEntryEdit(entry, draft, host),
      question: 'Change this?',
      describe: ({ ref, fields, warnings }, style) => {
        for (const warning of warnings) note(`${noteStyle.yellow('warning:')} ${toVisibleLine(warning)}`)
        if (fields.length === 0) return 'Nothing was changed: the draft says the same'
        return `${style.yellow('~')} ${toVisibleLine(`${ref}: ${fields.join(', ')}`)}`
      },
      summarize: ({ ref }, style) =>
        [
          `${style.green('Changed')} ${toVisibleLine(ref)}`,
          ...found.map(({ text }) => toVisibleLine(text)),
        ].join('\n'),
      toJson: ({ ref, fields, texts, warnings }, isDone) => ({
        done: isDone,
        ref,
        fields,
        files: [...texts.keys()].map(name => registryFiles[name]),
        warnings,
        ...(isDone && { found: Object.fromEntries(found.map(each => [each.ref, each.data])) }),
      }),
      afterCommit: async ({ ref }) => {
        found = await detectChanged([ref], context)
      },
    },
    flags,
    context,
  )
}

/** Removes a draft that was applied or not changed, and says where another one is. */
async function settleDraft(
  { file, original, isContinued, entry }: Session,
  isApplied: boolean,
  { host, note }: CommandContext,
): Promise<void> {
  const { readDraft, removeDraft } = await import('../../edit/draft-file.ts')
  const text = await readDraft(file, host).catch(() => undefined)
  const isUnchanged = text === original && !isContinued
  if (isApplied || isUnchanged || text === undefined) return removeDraft(file, host)
  const command = `nexus-registry edit ${toShellWord(entry.target.ref)} --draft ${toShellWord(file)}`
  note(`Your draft is kept: ${toVisibleLine(command)}`)
}
