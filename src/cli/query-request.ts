import { NexusError } from '../lib/errors.ts'
import { parseCondition } from '../query/condition.ts'
import type { JqOptions } from '../query/jq-call.ts'
import { type FlagQuery, parseSortKeys, type QuerySubject } from '../query/query-entries.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { registryNames } from '../registry/schema/names.ts'
import { type FlagOptions, filterOptionNames, flagOptionNames, type QueryOptions } from './query-options.ts'

export interface QueryRequest {
  readonly subject: QuerySubject
  /** Undefined: flags, or a filter in the file of `--from-file`. */
  readonly filter: string | undefined
  /** Values of `$ARGS.positional`. */
  readonly args: readonly string[]
}

/**
 * Reads the arguments: a first one that is not a registry is a filter over all of them. Throws a NexusError('usage') for
 * an unknown registry, and for options that cannot be combined.
 */
export async function toQueryRequest(words: readonly string[], options: QueryOptions): Promise<QueryRequest> {
  const [first] = words
  const subject = first === undefined ? 'all' : toSubject(first)
  const flag = flagOptionNames.find(name => options[name] !== undefined)
  const takesArgs = options.args === true || options.jsonargs === true
  const isFilter = subject === undefined && flag === undefined && (words.length === 1 || takesArgs)
  if (subject === undefined && (!isFilter || options.fromFile !== undefined)) {
    throw await toUnknownRegistry(first ?? '')
  }
  const others = subject === undefined ? words : words.slice(1)
  const filter = options.fromFile === undefined ? others[0] : undefined
  const rest = options.fromFile === undefined ? others.slice(1) : others
  requireCompatible({ filter, rest }, options)
  return { subject: subject ?? 'all', filter, args: rest }
}

function requireCompatible(
  { filter, rest }: { filter: string | undefined; rest: readonly string[] },
  options: QueryOptions,
): void {
  const flag = flagOptionNames.find(name => options[name] !== undefined)
  const hasFilter = filter !== undefined || options.fromFile !== undefined
  if (hasFilter && flag !== undefined) {
    const hint = 'Express it in the filter, or remove the filter'
    throw new NexusError('usage', `--${flag} cannot be combined with a filter`, { hint })
  }
  const own = filterOptionNames.find(name => options[name] !== undefined)
  if (!hasFilter && own !== undefined) {
    const hint = 'For example nexus-registry query models -r keys[]'
    throw new NexusError('usage', `${toFlag(own)} requires a jq filter`, { hint })
  }
  if (options.args && options.jsonargs) {
    const hint = 'A filter can parse a string with fromjson'
    throw new NexusError('usage', '--args and --jsonargs cannot be combined', { hint })
  }
  const [extra] = rest
  if (extra === undefined || options.args || options.jsonargs) return
  const hint = 'With --args, the filter gets more arguments as $ARGS.positional'
  throw new NexusError('usage', `unexpected argument ${JSON.stringify(extra)}`, { hint })
}

function toSubject(text: string): QuerySubject | undefined {
  return text === 'all' ? text : parseRegistryName(text)
}

async function toUnknownRegistry(text: string): Promise<NexusError> {
  const { suggest } = await import('../lib/text/nearest.ts')
  const names = [...registryNames, 'all']
  const hint = suggest(text, names) ?? `Registries are ${names.join(', ')}`
  return new NexusError('usage', `there is no registry ${JSON.stringify(text)}`, { hint })
}

function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

/** Parses the flags. Throws a NexusError('usage') for an invalid condition or sort field. */
export function toFlagQuery({
  where = [],
  present,
  ready,
  sort = [],
  limit,
  select,
}: FlagOptions): FlagQuery {
  const conditions = [
    ...where,
    ...(present ? ['detected.status = present'] : []),
    ...(ready ? ['readiness = ready'] : []),
  ]
  return {
    conditions: conditions.map(parseCondition),
    sortKeys: sort.flatMap(parseSortKeys),
    limit,
    selected: select === undefined ? undefined : toFields(select),
  }
}

function toFields(text: string): string[] {
  const fields = text.split(',').map(field => field.trim())
  if (fields.every(field => field !== '')) return fields
  throw new NexusError('usage', `--select: ${JSON.stringify(text)} is not a list of fields`, {
    hint: 'For example --select provider,context_tokens',
  })
}

/** Converts the options to those of jq. */
export function toJqOptions(
  options: QueryOptions,
  { args, isColored }: { args: readonly string[]; isColored: boolean },
): JqOptions {
  const flags = [
    options.rawOutput && '--raw-output',
    options.joinOutput && '--join-output',
    options.asciiOutput && '--ascii-output',
    options.compactOutput && '--compact-output',
    options.slurp && '--slurp',
    options.nullInput && '--null-input',
    options.sortKeys && '--sort-keys',
    options.exitStatus && '--exit-status',
    options.tab && '--tab',
    options.stream && '--stream',
    isColored ? '--color-output' : '--monochrome-output',
  ].filter(flag => typeof flag === 'string')
  const indent = options.indent === undefined ? [] : ['--indent', String(options.indent)]
  const { arg: texts = [], argjson: values = [], slurpfile: files = [], rawfile: rawFiles = [] } = options
  const positional = options.jsonargs ? { json: args } : { texts: args }
  return { flags: [...flags, ...indent], texts, values, files, rawFiles, positional }
}
