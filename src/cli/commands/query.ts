import { NexusError } from '../../lib/errors.ts'
import { toVisible } from '../../lib/text/visible.ts'
import type { FlagResult } from '../../query/query.ts'
import type { QuerySubject } from '../../query/query-entries.ts'
import { registryNames } from '../../registry/schema/names.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { noteDetectionAge } from '../print-query.ts'
import { addQueryOptions, type QueryOptions } from '../query-options.ts'
import type { QueryRequest } from '../query-request.ts'

export const registerQuery: RegisterCommand = (program, execute) => {
  addQueryOptions(
    program
      .command('query')
      .description('ask one registry or all of them, with a jq filter or with flags')
      .argument('[registry]', `all, or one of ${registryNames.join(', ')}`)
      .argument('[filter]', 'jq filter; a single argument that names no registry is one, over everything')
      .argument('[args...]', 'with --args or --jsonargs: values for the filter'),
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
        async (
          context,
          first: string | undefined,
          second: string | undefined,
          others: readonly string[],
          options: QueryOptions,
        ) => {
          const { toQueryRequest } = await import('../query-request.ts')
          const words = [first, second, ...others].filter(word => word !== undefined)
          const request = await toQueryRequest(words, options)
          if (request.filter === undefined && options.fromFile === undefined)
            return queryByFlags(request.subject, options, context)
          context.host.prepareJq()
          return queryByFilter(request, options, context)
        },
      ),
    )
}

async function queryByFilter(
  { subject, filter: given, args }: QueryRequest,
  options: QueryOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { host } = context
  const [{ toJqOptions }, { queryByFilter }, { loadFilter }, { createFilterPrinter, wantsColors }] =
    await Promise.all([
      import('../query-request.ts'),
      import('../../query/query.ts'),
      import('../../query/jq-call.ts'),
      import('../print-query.ts'),
    ])
  const place = { directory: (await context.home()).directory, host }
  const filter = given ?? (await loadFilter(options.fromFile ?? '', host))
  const isColored = wantsColors(options, context)
  const printer = createFilterPrinter(host)
  const jqOptions = { ...toJqOptions(options, { args, isColored }), colors: host.env.JQ_COLORS }
  const answer = await queryByFilter(
    subject,
    {
      filter,
      options: jqOptions,
      print: printer.print,
      path: given === undefined ? options.fromFile : undefined,
    },
    place,
  )
  printer.end()
  context.relay(toVisible(answer.messages))
  await noteDetectionAge(answer, context)
  if (answer.failure !== undefined) {
    const hint = answer.hint === undefined ? {} : { hint: answer.hint }
    throw new NexusError('usage', `the filter failed: ${answer.failure}`, hint)
  }
  return answer.exitCode === 0 && answer.broken.length > 0 ? 1 : answer.exitCode
}

async function queryByFlags(
  subject: QuerySubject,
  options: QueryOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ toFlagQuery }, { queryByFlags }] = await Promise.all([
    import('../query-request.ts'),
    import('../../query/query.ts'),
  ])
  const usual = context.globals.json ? 'json' : (context.config.query.format ?? 'table')
  const render = await toRenderer(options.format ?? usual, context)
  const query = toFlagQuery(options)
  const place = { directory: (await context.home()).directory, host: context.host }
  const answer = await queryByFlags(subject, query, place)
  context.print(await render(answer))
  await noteDetectionAge(answer, context)
  return answer.entries.length === 0 || answer.broken.length > 0 ? 1 : 0
}

type Renderer = (answer: FlagResult) => Promise<string>

async function toRenderer(format: string, context: CommandContext): Promise<Renderer> {
  if (format === 'table') return answer => renderAsTable(answer, context)
  const [{ entriesFormats }, { requireFormat }] = await Promise.all([
    import('../../query/formats/index.ts'),
    import('../options.ts'),
  ])
  const known = requireFormat(format, { table: undefined, ...entriesFormats })
  if (known === 'table') return answer => renderAsTable(answer, context)
  return async ({ entries }) => toShown(await entriesFormats[known](entries), context)
}

async function renderAsTable(
  { entries, columns }: FlagResult,
  { style, host, note }: CommandContext,
): Promise<string> {
  if (entries.length === 0) note('Nothing was found')
  if (entries.length === 0) return ''
  const [{ renderTable }, { toCell }] = await Promise.all([
    import('../../lib/terminal/table.ts'),
    import('../../query/entry-columns.ts'),
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
