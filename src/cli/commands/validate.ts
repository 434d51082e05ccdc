import { renderCount } from '../../lib/text/format.ts'
import { toVisibleJson, toVisibleLine } from '../../lib/text/visible.ts'
import type { Host } from '../../platform/host.ts'
import type { FixedDiagnostic, ValidationReport } from '../../registry/diagnostic.ts'
import { registryNames } from '../../registry/schema/names.ts'
import type { DiagnosticsView } from '../../validate/formats/format.ts'
import type { Planned } from '../../validate/plan-paths.ts'
import type { ValidateOptions } from '../../validate/rule.ts'
import type { RuleRow } from '../../validate/rule-levels.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import type { ValidateFlags } from '../validate-flags.ts'

export const registerValidate: RegisterCommand = (program, execute) => {
  program
    .command('validate')
    .description('check registries and what holds between them')
    .argument('[path...]', 'registry homes, registry files, or - for stdin (default: the registry home)')
    .option('--format <format>', 'how to print what was found: pretty, json, github, sarif or junit')
    .option('--strict', 'count warnings as errors')
    .option('--max-warnings <n>', 'fail when there are more warnings')
    .option('--rule <rule=level>', 'set a rule to off, warn or error (repeatable)', collect)
    .option('--horizon <days>', 'warn of models that retire within so many days, like 30d')
    .option('--as <registry>', 'which registry the files, or stdin, are')
    .option('--fix', 'put right what has one answer: counts, order of keys, missing $schema')
    .option('--dry-run', 'with --fix: say what it would do, and do nothing')
    .option('--rules', 'list the rules instead')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry validate                              the registry home
  nexus-registry validate ./registries --strict        a directory, warnings count
  nexus-registry validate registries/tool_registry.json --json
  nexus-registry validate - --as tools < new.json      stdin
  nexus-registry validate --fix --dry-run              what could be put right
  nexus-registry validate --rules                      what is looked for`,
    )
    .action(
      execute(async (context, paths: string[], flags: ValidateFlags): Promise<ExitCode> => {
        const { listRules, requireKnownRules } = await import('../../validate/rule-levels.ts')
        requireKnownRules(context.config.validate.rules)
        const { requireSense, toOptions } = await import('../validate-flags.ts')
        requireSense(flags, paths)
        const options = toOptions(flags, context)
        if (flags.rules) return printRules(context, listRules(options.rules ?? {}))
        return validate({ context, flags, options, paths })
      }),
    )
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

interface Call {
  readonly context: CommandContext
  readonly flags: ValidateFlags
  readonly options: ValidateOptions
  readonly paths: readonly string[]
}

async function validate(call: Call): Promise<ExitCode> {
  const { context, flags, options } = call
  const { toFormat } = await import('../validate-flags.ts')
  const { diagnosticsFormats } = await import('../../validate/formats/index.ts')
  const render = diagnosticsFormats[toFormat(flags, context)]
  const planned = await plan(call)
  const fixed = flags.fix ? await fix(planned, call) : []
  if (flags.dryRun) return printFixes(call, fixed)
  const { validatePlanned } = await import('../../validate/validate.ts')
  const { report, sources, unchecked } = await validatePlanned(planned, context.host, options)
  for (const { path, message } of unchecked) context.note(`${toVisibleLine(show(path, context))}: ${message}`)
  noteTooMany(report, call)
  const view = await toView(report, { sources, options }, context)
  const text = render(flags.fix ? { ...report, fixed } : report, view)
  // That nothing was found is no finding; to programs it is data.
  if (report.diagnostics.length === 0 && toFormat(flags, context) === 'pretty') context.say(text)
  else context.print(text)
  return report.valid ? 0 : 1
}

async function plan({ context, flags, paths }: Call): Promise<Planned[]> {
  if (paths.length === 0) {
    const { directory } = await context.home(flags.fix && !flags.dryRun ? 'write' : 'read')
    return [{ kind: 'home', directory, names: registryNames }]
  }
  const { toRegistry } = await import('../validate-flags.ts')
  const { planPaths } = await import('../../validate/plan-paths.ts')
  return planPaths(paths, context.host, toRegistry(flags))
}

async function fix(
  planned: readonly Planned[],
  { context, flags, options }: Call,
): Promise<readonly FixedDiagnostic[]> {
  const { fixPlanned } = await import('../../validate/fix-planned.ts')
  const isDryRun = flags.dryRun === true
  const fixed: FixedDiagnostic[] = []
  for (const plan of planned) {
    const faults = await fixPlanned(plan, { rules: options.rules ?? {}, isDryRun }, context.host)
    fixed.push(...faults)
    // Told at once: the next one may not be possible.
    for (const fault of isDryRun ? [] : faults) context.note(describeFix(fault, context))
  }
  return fixed
}

function describeFix({ file, pointer, message }: FixedDiagnostic, context: CommandContext): string {
  return `fixed ${toVisibleLine(show(file, context))}: ${message}, at ${toVisibleLine(pointer)}`
}

async function printFixes({ context, flags }: Call, fixed: readonly FixedDiagnostic[]): Promise<ExitCode> {
  const { toFormat } = await import('../validate-flags.ts')
  const { renderFixes } = await import('../../validate/formats/fixes.ts')
  const { style, host } = context
  const view = { style, width: host.stdout.columns, toShownPath: (file: string) => show(file, context) }
  const isJson = toFormat(flags, context) === 'json'
  context.print(isJson ? toVisibleJson(fixed) : renderFixes(fixed, view))
  return fixed.length === 0 ? 0 : 1
}

function noteTooMany({ errors, warnings, valid }: ValidationReport, { context, options }: Call): void {
  const { maxWarnings, strict } = options
  if (valid || errors > 0 || strict || maxWarnings === undefined) return
  context.note(`${renderCount(warnings, 'warning')}, and --max-warnings allows ${maxWarnings}`)
}

async function toView(
  report: ValidationReport,
  { sources, options }: { sources: DiagnosticsView['sources']; options: ValidateOptions },
  context: CommandContext,
): Promise<DiagnosticsView> {
  const { rules } = await import('../../validate/rules/index.ts')
  const { style, host } = context
  const { strict = false, maxWarnings = Number.POSITIVE_INFINITY } = options
  return {
    style,
    sources,
    rules,
    width: host.stdout.columns,
    toShownPath: file => show(file, context),
    toRepositoryPath: file => toRepositoryPath(file, host),
    doWarningsCount: strict || report.warnings > maxWarnings,
    sha256: host.sha256,
  }
}

function show(file: string, { host }: CommandContext): string {
  return toShownPath(file, host)
}

async function printRules(context: CommandContext, rows: readonly RuleRow[]): Promise<ExitCode> {
  if (context.globals.json) context.print(toVisibleJson(rows))
  else {
    const { renderTable } = await import('../../lib/terminal/table.ts')
    const { style, host } = context
    const paint = (level: string) => (level === 'error' ? style.red(level) : style.yellow(level))
    const columns = [{ heading: 'rule' }, { heading: 'level', paint }, { heading: 'what it finds' }]
    const cells = rows.map(({ id, level, summary }) => [id, level, summary])
    context.print(await renderTable({ columns, rows: cells }, { style, width: host.stdout.columns }))
  }
  return 0
}

type PathHost = Pick<Host, 'path' | 'cwd' | 'env'>

/** Path of a file as people see it: below the working directory a relative one is shorter, and what editors link to. */
export function toShownPath(file: string, host: PathHost): string {
  const path = relativeTo(host.cwd, file, host)
  // A line that begins with `::` is a command to the runner of GitHub Actions.
  return path.startsWith('::') ? `.${host.path.sep}${path}` : path
}

/**
 * Path of a file in the repository, for services that show findings beside its lines: from the workspace of GitHub
 * Actions where the file is in one, else from the working directory; `/` stands between its parts.
 */
export function toRepositoryPath(file: string, host: PathHost): string {
  const workspace = host.env.GITHUB_WORKSPACE
  const inWorkspace = workspace ? relativeTo(workspace, file, host) : file
  const path = inWorkspace === file ? relativeTo(host.cwd, file, host) : inWorkspace
  return host.path.sep === '/' ? path : path.replaceAll(host.path.sep, '/')
}

// What is no path, like stdin, stays what it is.
function relativeTo(directory: string, file: string, { path }: PathHost): string {
  if (!path.isAbsolute(file)) return file
  const relative = path.relative(directory, file)
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
    ? file
    : relative
}
