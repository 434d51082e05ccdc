import { NexusError } from '../../core/errors.ts'
import type { FlagAnswer } from '../../features/query/query.ts'
import type { QuerySubject } from '../../features/query/query-subject.ts'
import { toVisible } from '../../render/visible.ts'
import { registryNames } from '../../schema/names.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { noteAside } from '../note-aside.ts'
import { addQueryOptions, type QueryOptions } from '../query-options.ts'

export const registerQuery: RegisterCommand = (program, execute) => {
  addQueryOptions(
    program
      .command('query')
      .description('ask one registry or all of them, with a jq filter or with flags')
      .argument('[registry]', `all, or one of ${registryNames.join(', ')}`)
      .argument('[filter]', 'jq filter; a single argument that names no registry is one, over everything'),
  )
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry query models 'map(select(.provider == "openai")) | length'
  nexus-registry query dashboard_registry.json .sections.metrics.system
  nexus-registry query .tools.docker.detected.version -r      over everything
  nexus-registry query models --where 'capabilities contains vision' --sort cost_per_1k_input
  nexus-registry query tools --present --select detected.version --format csv

Exit codes: 1 when flags find nothing, 2 when a filter does not parse or fails (where jq has 3 and 5); halt_error exits as in jq.`,
    )
    .action(
      execute(
        async (context, first: string | undefined, second: string | undefined, options: QueryOptions) => {
          const { toQueryRequest } = await import('../query-request.ts')
          const { subject, filter } = await toQueryRequest([first, second], options)
          if (filter === undefined) return askByFlags(subject, options, context)
          context.host.prepareJq()
          return askByFilter(subject, { filter, options }, context)
        },
      ),
    )
}

async function askByFilter(
  subject: QuerySubject,
  { filter, options }: { filter: string; options: QueryOptions },
  context: CommandContext,
): Promise<ExitCode> {
  const [{ toJqOptions }, { queryByFilter }] = await Promise.all([
    import('../query-request.ts'),
    import('../../features/query/query.ts'),
  ])
  const place = { directory: (await context.home()).directory, host: context.host }
  const request = { filter, options: toJqOptions(options), print: createPrinter(context) }
  const answer = await queryByFilter(subject, request, place)
  context.note(toVisible(answer.messages))
  await noteAside(answer, context)
  if (answer.failure !== undefined) throw new NexusError('usage', `the filter failed: ${answer.failure}`)
  return answer.exitCode === 0 && answer.broken.length > 0 ? 1 : answer.exitCode
}

// While jq runs, nothing else does: what it prints is written at once, and whoever has read enough ends it.
function createPrinter({ host: { stdout, writeNow } }: CommandContext): (bytes: Uint8Array) => boolean {
  if (!stdout.isTerminal) return writeNow
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return bytes => writeNow(toVisible(decoder.decode(bytes, { stream: true })))
}

async function askByFlags(
  subject: QuerySubject,
  options: QueryOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ toFlagQuery }, { queryByFlags }] = await Promise.all([
    import('../query-request.ts'),
    import('../../features/query/query.ts'),
  ])
  const usual = context.globals.json ? 'json' : (context.config.query.format ?? 'table')
  const render = await toRenderer(options.format ?? usual, context)
  const query = toFlagQuery(options)
  const place = { directory: (await context.home()).directory, host: context.host }
  const answer = await queryByFlags(subject, query, place)
  context.print(await render(answer))
  await noteAside(answer, context)
  return answer.entries.length === 0 || answer.broken.length > 0 ? 1 : 0
}

type Renderer = (answer: FlagAnswer) => Promise<string>

async function toRenderer(format: string, context: CommandContext): Promise<Renderer> {
  if (format === 'table') return answer => renderAsTable(answer, context)
  const [{ entriesFormats }, { requireFormat }] = await Promise.all([
    import('../../render/entries/index.ts'),
    import('../require-format.ts'),
  ])
  const known = requireFormat(format, { table: undefined, ...entriesFormats })
  if (known === 'table') return answer => renderAsTable(answer, context)
  return async ({ entries }) => toShown(await entriesFormats[known](entries), context)
}

async function renderAsTable(
  { entries, columns }: FlagAnswer,
  { style, host, note }: CommandContext,
): Promise<string> {
  if (entries.length === 0) note('Nothing was found')
  if (entries.length === 0) return ''
  const [{ renderTable }, { toCell }] = await Promise.all([
    import('../../render/table.ts'),
    import('../../features/list/to-cell.ts'),
  ])
  const now = host.clock.now()
  const rows = entries.map(entry => columns.map(column => toCell(entry, column, now)))
  return renderTable({ columns, rows }, { style, width: host.stdout.columns })
}

// For other programs every byte counts. A terminal acts on some of them, whoever wrote them into a registry: there they
// are spelt out, as in a table.
function toShown(text: string, { host }: CommandContext): string {
  return host.stdout.isTerminal ? toVisible(text) : text
}
