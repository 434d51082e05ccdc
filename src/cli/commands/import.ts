import type { ImportPlan, ImportRequest } from '../../import/plan-import.ts'
import { toVisibleJson } from '../../lib/text/visible.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { parseCount } from '../options.ts'
import { type EditFlags, runEdit } from '../run-edit.ts'

interface ImportFlags extends EditFlags {
  readonly provider?: readonly string[]
  readonly only?: readonly string[]
  readonly since?: string
  readonly limit?: number
  readonly strategy?: string
  readonly force?: boolean
  readonly strict?: boolean
  readonly compare?: boolean
}

export const registerImport: RegisterCommand = (program, execute) => {
  const collect = (value: string, before: readonly string[] = []) => [...before, ...value.split(',')]
  program
    .command('import')
    .description('Take models and prices from models.dev, LiteLLM, OpenRouter or genai-prices')
    .argument('<source>', 'models.dev, litellm, openrouter or genai-prices')
    .argument('[file]', 'File, address, or - for stdin; without it, the address of the source is requested')
    .option('--provider <id>', 'Only models of this provider; may be repeated', collect)
    .option('--only <id>', 'Only models with this id, * stands for any characters; may be repeated', collect)
    .option('--since <day>', 'Only models that were released on this day or later')
    .option('--limit <n>', 'At most this many models', parseCount)
    .option('--compare', 'Show where the source and the registries disagree, and change nothing')
    .option('--strategy <name>', 'Whose value counts: ours, theirs, or newest by the dates of the sources')
    .option('--force', 'Take prices that change by 10 × or more, too')
    .option('--strict', 'Exit with 1 when something was refused or held back')
    .option('-y, --yes', 'Do not ask for confirmation')
    .option('--dry-run', 'Show what would change, without changing it')
    .addHelpText(
      'after',
      `
Takes what the source has in its own format; prices are converted exactly. Fields that you edited stay, fields that came
from shipped data or an earlier import become those of the source. Each field keeps where and when it was read, and
each price that changes keeps its date. Without a file it sends one request; the answer is cached.
Exit code 1: nothing was taken, or --compare has found disagreements.

Examples:
  nexus-registry import models.dev --provider groq         new models of one provider
  nexus-registry import litellm prices.json --dry-run      what a file would change
  nexus-registry import openrouter --only 'mistralai/*' -y
  nexus-registry import litellm --compare --json           disagreements, for a script`,
    )
    .action(execute(runImport))
}

async function runImport(
  context: CommandContext,
  source: string,
  from: string | undefined,
  flags: ImportFlags,
): Promise<ExitCode> {
  const { config, host } = context
  const { prepareImport } = await import('../../import/prepare-import.ts')
  const isReading = flags.dryRun || flags.compare
  const { directory } = await context.home(isReading ? 'read' : 'write')
  const call = {
    source,
    from,
    providers: flags.provider ?? [],
    only: flags.only ?? [],
    since: flags.since,
    limit: flags.limit,
    strategy: flags.strategy,
    isForced: flags.force ?? false,
    network: config.network,
    mirrors: config.imports,
  }
  const request = await prepareImport(call, directory, host)
  return flags.compare ? compare(source, request, directory, context) : apply(source, request, flags, context)
}

async function apply(
  source: string,
  request: ImportRequest,
  flags: ImportFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const [{ importRegistryNames, planImport }, { renderImport, toImportJson }] = await Promise.all([
    import('../../import/plan-import.ts'),
    import('../../import/render-import.ts'),
  ])
  const { globals } = context
  return runEdit(
    {
      edit: {
        command: 'import',
        names: importRegistryNames,
        plan: async texts => planImport(texts, request),
      },
      question: 'Import this?',
      describe: (plan, style) => renderImport(source, plan, { style, isVerbose: globals.verbose }),
      summarize: ({ created, updated }, style) =>
        `${style.green('Imported')} ${created.length} new and ${updated.length} changed entries`,
      toJson: plan => toImportJson(source, plan),
      toExitCode: plan => toExitCode(plan, flags),
    },
    flags,
    context,
  )
}

function toExitCode(
  { created, updated, unchanged, refused, held }: ImportPlan,
  { strict }: ImportFlags,
): ExitCode {
  if (created.length + updated.length + unchanged === 0) return 1
  return strict && refused.length + held.length > 0 ? 1 : 0
}

async function compare(
  source: string,
  request: ImportRequest,
  directory: string,
  { globals, host, print, style }: CommandContext,
): Promise<ExitCode> {
  const [{ compareImport, importRegistryNames }, { readHomeFiles, toHomeContent }, { renderDisagreements }] =
    await Promise.all([
      import('../../import/plan-import.ts'),
      import('../../registry/home/update-home.ts'),
      import('../../import/render-import.ts'),
    ])
  const files = await readHomeFiles(directory, importRegistryNames, host)
  const disagreements = compareImport(toHomeContent(files), request)
  if (globals.json) print(toVisibleJson({ source, disagreements }))
  else print(await renderDisagreements(source, disagreements, { style, width: host.stdout.columns }))
  return disagreements.length > 0 ? 1 : 0
}
