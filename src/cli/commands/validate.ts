import { NexusError } from '../../core/errors.ts'
import type { PlannedHome } from '../../features/validate/plan-paths.ts'
import type { RuleRow } from '../../features/validate/rule-levels.ts'
import type { ValidateOptions } from '../../features/validate/validate-home.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface Flags {
  readonly format?: string
  readonly strict?: boolean
  readonly rules?: boolean
  readonly horizon?: string
}

export const registerValidate: RegisterCommand = (program, execute) => {
  program
    .command('validate')
    .description('check registries and what holds between them')
    .argument('[path...]', 'a registry home, or files in one (default: the registry home)')
    .option('--format <format>', 'how to print what was found: pretty or json')
    .option('--strict', 'count warnings as errors')
    .option('--horizon <days>', 'warn of models that retire within so many days, like 30d')
    .option('--rules', 'list the rules instead')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry validate                              the registry home
  nexus-registry validate ./registries --strict        a directory, warnings count
  nexus-registry validate registries/tool_registry.json --json
  nexus-registry validate --rules                      what is looked for`,
    )
    .action(
      execute(async (context, paths: string[], flags: Flags): Promise<ExitCode> => {
        const { listRules, requireKnownRules } = await import('../../features/validate/rule-levels.ts')
        requireKnownRules(context.config.validate.rules)
        if (!flags.rules) return validate(context, paths, flags)
        await printRules(context, listRules(context.config.validate.rules))
        return 0
      }),
    )
}

async function validate(context: CommandContext, paths: readonly string[], flags: Flags): Promise<ExitCode> {
  const { diagnosticsFormats } = await import('../../render/diagnostics/index.ts')
  const render = diagnosticsFormats[toFormat(flags, context, diagnosticsFormats)]
  const options = toOptions(flags, context)
  const { validateHomes } = await import('../../features/validate/validate-homes.ts')
  const { report, sources } = await validateHomes(await toHomes(paths, context), context.host, options)
  const { style, host } = context
  context.print(
    render(report, {
      style,
      sources,
      width: host.stdout.columns,
      toShownPath: file => toShownPath(file, host),
    }),
  )
  return report.valid ? 0 : 1
}

function toFormat<Name extends string>(
  flags: Flags,
  context: CommandContext,
  formats: Readonly<Record<Name | 'json' | 'pretty', unknown>>,
): Name | 'json' | 'pretty' {
  const wanted = flags.format ?? (context.globals.json ? 'json' : 'pretty')
  if (isKeyOf(formats, wanted)) return wanted
  const hint = `Formats are ${Object.keys(formats).join(', ')}`
  throw new NexusError('usage', `--format: there is no format ${JSON.stringify(wanted)}`, { hint })
}

function isKeyOf<Key extends string>(object: Readonly<Record<Key, unknown>>, key: string): key is Key {
  return Object.hasOwn(object, key)
}

function toOptions(flags: Flags, { config }: CommandContext): ValidateOptions {
  const { rules, strict, horizonDays } = config.validate
  const horizon = flags.horizon === undefined ? horizonDays : toDays(flags.horizon)
  return {
    rules,
    strict: flags.strict ?? strict,
    ...(horizon === undefined ? {} : { horizonDays: horizon }),
  }
}

function toDays(text: string): number {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1]
  if (days !== undefined) return Number(days)
  throw new NexusError('usage', `--horizon: expected a number of days, found ${JSON.stringify(text)}`, {
    hint: 'For example --horizon 30d',
  })
}

async function toHomes(paths: readonly string[], context: CommandContext): Promise<PlannedHome[]> {
  const { planPaths } = await import('../../features/validate/plan-paths.ts')
  return planPaths(paths.length > 0 ? paths : [(await context.home()).directory], context.host)
}

// Below the working directory a relative path is shorter, and what editors and terminals make a link of.
function toShownPath(file: string, { path, cwd }: CommandContext['host']): string {
  const relative = path.relative(cwd, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

async function printRules(context: CommandContext, rows: readonly RuleRow[]): Promise<void> {
  if (context.globals.json) return context.print(JSON.stringify(rows, null, 2))
  const { renderTable } = await import('../../render/table.ts')
  const { style, host } = context
  const paint = (level: string) => (level === 'error' ? style.red(level) : style.yellow(level))
  const columns = [{ heading: 'rule' }, { heading: 'level', paint }, { heading: 'what it finds' }]
  const cells = rows.map(({ id, level, summary }) => [id, level, summary])
  context.print(await renderTable({ columns, rows: cells }, { style, width: host.stdout.columns }))
}
