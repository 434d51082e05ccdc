import { renderCount } from '../../lib/text/format.ts'
import { toVisibleJson, toVisibleLine } from '../../lib/text/visible.ts'
import type { Host } from '../../platform/host.ts'
import type { FixedDiagnostic, ValidationReport } from '../../registry/diagnostic.ts'
import { registryNames } from '../../registry/schema/names.ts'
import type { DiagnosticsView } from '../../validate/formats/format.ts'
import type { ValidateOptions } from '../../validate/rule.ts'
import type { ValidationTarget } from '../../validate/targets.ts'
import type { Validation } from '../../validate/validate.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import type { ValidateFlags } from '../validate-flags.ts'

export const registerValidate: RegisterCommand = (program, execute) => {
  program
    .command('validate')
    .description('Validate registry files and the references between them')
    .argument('[path...]', 'Registry homes, registry files, or - for stdin (default: the registry home)')
    .option('--format <format>', 'Output format: pretty, json, github, sarif or junit')
    .option('--strict', 'Count warnings as errors')
    .option('--max-warnings <n>', 'Fail when there are more warnings than this')
    .option('--rule <rule=level>', 'Set a rule to off, warn or error (repeatable)', collect)
    .option('--horizon <days>', 'Warn about models that retire within this many days, like 30d')
    .option('--as <registry>', 'Registry that the files, or stdin, contain')
    .option('--fix', 'Fix what has only one correction: counts, order of keys, missing $schema')
    .option('--dry-run', 'With --fix: show the fixes without applying them')
    .option('--rules', 'List the rules and exit')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry validate                              the registry home
  nexus-registry validate ./registries --strict        a directory; warnings are errors
  nexus-registry validate registries/tool_registry.json --json
  nexus-registry validate - --as tools < new.json      stdin
  nexus-registry validate --fix --dry-run              show possible fixes
  nexus-registry validate --rules                      list the rules`,
    )
    .action(execute(runValidate))
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

async function runValidate(
  context: CommandContext,
  paths: readonly string[],
  flags: ValidateFlags,
): Promise<ExitCode> {
  const { checkFlags, toFormat, toOptions } = await import('../validate-flags.ts')
  checkFlags(flags, paths, context)
  const options = toOptions(flags, context)
  if (flags.rules) return printRules(options, context)
  const format = toFormat(flags, context)
  const targets = await readTargets(paths, flags, context)
  const fixed = flags.fix ? await fix(targets, { options, isDryRun: flags.dryRun ?? false }, context) : []
  if (flags.dryRun) return printFixes(fixed, { isJson: format === 'json' }, context)
  const { validateTargets } = await import('../../validate/validate.ts')
  const validation = await validateTargets(targets, context.host, options)
  noteLimits(validation, options, context)
  const report = flags.fix ? { ...validation.report, fixed } : validation.report
  const { diagnosticsFormats } = await import('../../validate/formats/index.ts')
  const text = diagnosticsFormats[format](report, await toView(validation, options, context))
  // "All files are valid" is a message for people, which --quiet hides. The other formats are data.
  if (report.diagnostics.length === 0 && format === 'pretty') context.say(text)
  else context.print(text)
  return report.valid ? 0 : 1
}

async function readTargets(
  paths: readonly string[],
  flags: ValidateFlags,
  { home, host }: CommandContext,
): Promise<readonly ValidationTarget[]> {
  if (paths.length === 0) {
    const { directory } = await home(flags.fix && !flags.dryRun ? 'write' : 'read')
    return [{ kind: 'home', directory, names: registryNames }]
  }
  const { toRegistry } = await import('../validate-flags.ts')
  const { findTargets } = await import('../../validate/targets.ts')
  const targets = await findTargets(paths, host, toRegistry(flags))
  const { finishInterruptedChange } = await import('../../registry/lock/acquire-lock.ts')
  for (const target of targets)
    if (target.kind === 'home') await finishInterruptedChange(target.directory, host)
  return targets
}

interface FixRequest {
  readonly options: ValidateOptions
  readonly isDryRun: boolean
}

/** Fixes the targets one after the other, and prints each fix at once: the next target may fail. */
async function fix(
  targets: readonly ValidationTarget[],
  { options: { rules = {} }, isDryRun }: FixRequest,
  context: CommandContext,
): Promise<readonly FixedDiagnostic[]> {
  const { applyFixes, planFixes } = await import('../../validate/plan-fixes.ts')
  const fixed: FixedDiagnostic[] = []
  for (const target of targets) {
    const plan = await planFixes(target, rules, context.host)
    const done = isDryRun ? plan.fixed : await applyFixes(plan, rules, context.host)
    fixed.push(...done)
    for (const each of isDryRun ? [] : done) context.note(describeFix(each, context))
  }
  return fixed
}

function describeFix({ file, pointer, message }: FixedDiagnostic, { host }: CommandContext): string {
  return `fixed ${toVisibleLine(toShownPath(file, host))}: ${message}, at ${toVisibleLine(pointer)}`
}

async function printFixes(
  fixed: readonly FixedDiagnostic[],
  { isJson }: { readonly isJson: boolean },
  { style, host, print }: CommandContext,
): Promise<ExitCode> {
  const { renderFixes } = await import('../../validate/formats/fixes.ts')
  const view = { style, width: host.stdout.columns, toShownPath: (file: string) => toShownPath(file, host) }
  print(isJson ? toVisibleJson(fixed) : renderFixes(fixed, view))
  return fixed.length === 0 ? 0 : 1
}

/** Prints what the report does not say: checks that were not possible, and why warnings fail the call. */
function noteLimits(
  { report, unchecked }: Validation,
  { maxWarnings, strict }: ValidateOptions,
  { host, note }: CommandContext,
): void {
  for (const { path, message } of unchecked) note(`${toVisibleLine(toShownPath(path, host))}: ${message}`)
  const { errors, valid, warnings } = report
  if (valid || errors > 0 || strict || maxWarnings === undefined) return
  note(`${renderCount(warnings, 'warning')}; --max-warnings allows ${maxWarnings}`)
}

async function toView(
  { report, sources }: { readonly report: ValidationReport; readonly sources: DiagnosticsView['sources'] },
  { strict = false, maxWarnings = Number.POSITIVE_INFINITY }: ValidateOptions,
  { style, host }: CommandContext,
): Promise<DiagnosticsView> {
  const { rules } = await import('../../validate/rules/index.ts')
  return {
    style,
    sources,
    rules,
    width: host.stdout.columns,
    toShownPath: file => toShownPath(file, host),
    toRepositoryPath: file => toRepositoryPath(file, host),
    doWarningsCount: !report.valid && (strict || report.warnings > maxWarnings),
    sha256: host.sha256,
  }
}

async function printRules({ rules }: ValidateOptions, context: CommandContext): Promise<ExitCode> {
  const { listRules } = await import('../../validate/rules/index.ts')
  const rows = listRules(rules ?? {})
  if (context.globals.json) context.print(toVisibleJson(rows))
  else {
    const { renderTable } = await import('../../lib/terminal/table.ts')
    const { style, host } = context
    const paint = (level: string) => (level === 'error' ? style.red(level) : style.yellow(level))
    const columns = [{ heading: 'rule' }, { heading: 'level', paint }, { heading: 'finds' }]
    const cells = rows.map(({ id, level, summary }) => [id, level, summary])
    context.print(await renderTable({ columns, rows: cells }, { style, width: host.stdout.columns }))
  }
  return 0
}

type PathHost = Pick<Host, 'path' | 'cwd' | 'env'>

/** Path of a file for people: relative when it is below the working directory, as editors link it. */
export function toShownPath(file: string, host: PathHost): string {
  const path = relativeTo(host.cwd, file, host)
  // The runner of GitHub Actions takes a line that begins with `::` for a command.
  return path.startsWith('::') ? `.${host.path.sep}${path}` : path
}

/**
 * Path of a file in the repository, with `/` between its parts, for services that show diagnostics beside the lines:
 * relative to the workspace of GitHub Actions if the file is in it, else to the working directory.
 */
export function toRepositoryPath(file: string, host: PathHost): string {
  const workspace = host.env.GITHUB_WORKSPACE
  const inWorkspace = workspace ? relativeTo(workspace, file, host) : file
  const path = inWorkspace === file ? relativeTo(host.cwd, file, host) : inWorkspace
  return host.path.sep === '/' ? path : path.replaceAll(host.path.sep, '/')
}

// A name that is not a path, like that of stdin, stays as it is.
function relativeTo(directory: string, file: string, { path }: PathHost): string {
  if (!path.isAbsolute(file)) return file
  const relative = path.relative(directory, file)
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
    ? file
    : relative
}
