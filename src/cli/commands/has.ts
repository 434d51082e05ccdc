import type { renderHas } from '../../has/has.ts'
import type { HasReport, HasResult } from '../../has/has-target.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

export const registerHas: RegisterCommand = (program, execute) => {
  program
    .command('has')
    .description('Exit with 0 if everything named can be used here, else with 1')
    .argument('<name...>', 'Names, each with or without a semver range: docker, nodejs@20, openai')
    .addHelpText(
      'after',
      `
A name is an id, a ref (tools/docker), an executable (kubectl), an import name or package (torch), an alias or a display
name. Exits with 2 if a name is not known. With --json: an object for one name, an array for several.

Examples:
  nexus-registry has docker && docker ps           silent, for scripts
  nexus-registry has docker git nodejs@20 openai   several at once
  nexus-registry has 'nodejs>=20' -v               print what was found
  nexus-registry has pytorch --json                print the detection`,
    )
    .action(
      execute(async (context, args: readonly string[]): Promise<ExitCode> => {
        const [{ has }, { parseHasNames }] = await Promise.all([
          import('../../has/has.ts'),
          import('../../has/has-names.ts'),
        ])
        const { config, globals, host } = context
        const { python, timeoutMs } = config
        const names = await parseHasNames(args)
        const request = { home: await context.home(), names, configFile: globals.config }
        return print(await has({ ...request, python, timeoutMs }, host), context)
      }),
    )
}

async function print({ items, warnings }: HasReport, context: CommandContext): Promise<ExitCode> {
  const { globals, note } = context
  const [first, ...others] = items
  if (first && 'error' in first && others.length === 0) throw first.error
  if (globals.json) {
    const data = items.map(item => toData(item, others.length > 0))
    context.print(JSON.stringify(others.length > 0 ? data : data[0], null, 2))
  }
  const { renderHas: render } = await import('../../has/has.ts')
  for (const line of items.flatMap(item => toLines(item, render, context))) note(line)
  if (globals.verbose) for (const warning of warnings) note(toVisible(warning))
  if (items.some(item => 'error' in item)) return 2
  return items.every(item => 'isReady' in item && item.isReady) ? 0 : 1
}

/** What goes to stderr: errors, what is unknown, and with --verbose everything. */
function toLines(
  item: HasReport['items'][number],
  render: typeof renderHas,
  { globals, noteStyle }: CommandContext,
): string[] {
  if ('error' in item) {
    const { message, hint } = item.error
    return [`${noteStyle.red('error:')} ${toVisible(hint === undefined ? message : `${message}. ${hint}`)}`]
  }
  const isShown = globals.json ? false : globals.verbose
  if (!isShown && item.status !== 'unknown') return []
  const notes = isShown ? item.notes.map(text => `  ${toVisible(text)}`) : []
  return [render(item, noteStyle), ...notes]
}

/** One name keeps the shape of a detection. Several say which name each is about, and whether it is ready. */
function toData(item: HasReport['items'][number], isOneOfSeveral: boolean): object {
  if ('error' in item) return { name: item.name, id: null, ready: null, reason: item.error.message }
  const own = { id: item.ref, ...item.fields, ...whyNot(item) }
  return isOneOfSeveral ? { name: item.name, ready: item.isReady, ...own } : own
}

function whyNot({ reason }: HasResult): object {
  return reason === null ? {} : { reason }
}
