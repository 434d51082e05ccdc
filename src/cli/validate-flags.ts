import { NexusError } from '../lib/errors.ts'
import { suggest } from '../lib/text/nearest.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { diagnosticsFormats } from '../validate/formats/index.ts'
import type { ValidateOptions } from '../validate/rule.ts'
import { parseRuleLevels, requireKnownRules } from '../validate/rules/index.ts'
import type { CommandContext } from './command-context.ts'
import { requireFormat } from './options.ts'

/** Options of `validate` as Commander reads them. */
export interface ValidateFlags {
  readonly format?: string
  readonly strict?: boolean
  readonly maxWarnings?: string
  readonly rule?: readonly string[]
  readonly rules?: boolean
  readonly horizon?: string
  readonly as?: string
  readonly fix?: boolean
  readonly dryRun?: boolean
}

type FormatName = keyof typeof diagnosticsFormats

/** Throws a NexusError ('config', 'usage') for unknown rules in the configuration, and for flags that contradict. */
export function checkFlags(
  flags: ValidateFlags,
  paths: readonly string[],
  { config }: Pick<CommandContext, 'config'>,
): void {
  requireKnownRules(config.validate.rules)
  if (flags.dryRun && !flags.fix)
    throw new NexusError('usage', '--dry-run requires --fix', { hint: 'Add --fix' })
  if (flags.as !== undefined && paths.length === 0) {
    throw new NexusError('usage', '--as requires a file', {
      hint: 'For example nexus-registry validate new.json --as tools',
    })
  }
}

/** The requested output format; by default `github` on a runner of GitHub Actions, else `pretty`. */
export function toFormat(flags: ValidateFlags, { globals, host }: CommandContext): FormatName {
  const fallback = host.env.GITHUB_ACTIONS === 'true' ? 'github' : 'pretty'
  const requested = flags.format ?? (globals.json ? 'json' : fallback)
  return requireFormat(requested, diagnosticsFormats)
}

/** Options of the validation: flags win over the configuration. */
export function toOptions(flags: ValidateFlags, { config }: CommandContext): ValidateOptions {
  const { rules, strict, horizonDays } = config.validate
  const horizon = flags.horizon === undefined ? horizonDays : toDays(flags.horizon)
  return {
    rules: { ...rules, ...parseRuleLevels(flags.rule ?? []) },
    strict: flags.strict ?? strict,
    ...(horizon === undefined ? {} : { horizonDays: horizon }),
    ...(flags.maxWarnings === undefined ? {} : { maxWarnings: toMaximum(flags.maxWarnings) }),
  }
}

function toDays(text: string): number {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1]
  if (days !== undefined) return Number(days)
  throw new NexusError('usage', `--horizon: expected a number of days, found ${JSON.stringify(text)}`, {
    hint: 'For example --horizon 30d',
  })
}

function toMaximum(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new NexusError(
    'usage',
    `--max-warnings: expected a number, 0 or more, found ${JSON.stringify(text)}`,
    {
      hint: 'For example --max-warnings 10',
    },
  )
}

/** The registry that `--as` names, by id, alias or file name. */
export function toRegistry({ as }: ValidateFlags): RegistryName | undefined {
  const name = as === undefined ? undefined : parseRegistryName(as)
  if (as === undefined || name) return name
  const hint = suggest(as, registryNames) ?? `Registries are ${registryNames.join(', ')}`
  throw new NexusError('usage', `--as: there is no registry ${JSON.stringify(as)}`, { hint })
}
