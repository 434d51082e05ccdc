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
      .description('Query one registry or all of them, with a jq filter or flags')
      .argument('[registry]', `All, or one of ${registryNames.join(', ')}`)
      .argument(
        '[filter]',
        'A jq filter; a single argument that is not a registry is a filter over all registries',
      )
      .argument('[args...]', 'With --args or --jsonargs: values for the filter'),
  )
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry query models 'map(select(.provider == "openai")) | length'
  nexus-registry query dashboard_registry.json .sections.metrics.system
  nexus-registry query .tools.docker.detected.version -r      over all registries
  nexus-registry query models --ready --where 'capabilities contains vision' --sort cost_per_1k_input
  nexus-registry query models --where 'loaded = true'          in the memory of a local runtime
  nexus-registry query tools --present --select detected.version --format csv

Exit codes: 1 when flags find nothing, 2 when a filter does not parse or fails (3 and 5 in jq); halt_error exits as in jq.`,
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
  const result = await queryByFilter(
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
  context.relay(toVisible(result.messages))
  await noteDetectionAge(result, context)
  if (result.failure !== undefined) {
    const hint = result.hint === undefined ? {} : { hint: result.hint }
    throw new NexusError('usage', `the filter failed: ${result.failure}`, hint)
  }
  return result.exitCode === 0 && result.broken.length > 0 ? 1 : result.exitCode
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
  const fallback = context.globals.json ? 'json' : (context.config.query.format ?? 'table')
  const render = await toRenderer(options.format ?? fallback, context)
  const query = toFlagQuery(options)
  const { platformRoot } = context.config
  const place = { directory: (await context.home()).directory, platformRoot, host: context.host }
  const result = await queryByFlags(subject, query, place)
  context.print(await render(result))
  await noteDetectionAge(result, context)
  return result.entries.length === 0 || result.broken.length > 0 ? 1 : 0
}

type Renderer = (result: FlagResult) => Promise<string>

async function toRenderer(format: string, context: CommandContext): Promise<Renderer> {
  if (format === 'table') return result => renderAsTable(result, context)
  const [{ entriesFormats }, { requireFormat }] = await Promise.all([
    import('../../query/formats/index.ts'),
    import('../options.ts'),
  ])
  const known = requireFormat(format, { table: undefined, ...entriesFormats })
  if (known === 'table') return result => renderAsTable(result, context)
  return async ({ entries }) => toShown(await entriesFormats[known](entries), context)
}

async function renderAsTable(
  { entries, columns }: FlagResult,
  { style, host, note }: CommandContext,
): Promise<string> {
  if (entries.length === 0) note('No entries found')
  if (entries.length === 0) return ''
  const [{ renderTable }, { toCell }] = await Promise.all([
    import('../../lib/terminal/table.ts'),
    import('../../query/entry-columns.ts'),
  ])
  const now = host.clock.now()
  const rows = entries.map(entry => columns.map(column => toCell(entry, column, now)))
  return renderTable({ columns, rows }, { style, width: host.stdout.columns })
}

// Programs get the exact bytes. A terminal would execute control characters from a registry, so they are escaped there.
function toShown(text: string, { host }: CommandContext): string {
  return host.stdout.isTerminal ? toVisible(text) : text
}
