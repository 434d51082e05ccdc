import { NexusError } from '../core/errors.ts'
import { parseRegistryName } from '../core/refs.ts'
import type { JqOptions } from '../features/query/jq-call.ts'
import { parseCondition } from '../features/query/parse-condition.ts'
import type { FlagQuery } from '../features/query/query-entries.ts'
import type { QuerySubject } from '../features/query/query-subject.ts'
import { parseSortKeys } from '../features/query/sort-entries.ts'
import { registryNames } from '../schema/names.ts'
import { type FlagOptions, filterOptionNames, flagOptionNames, type QueryOptions } from './query-options.ts'

export interface QueryRequest {
  readonly subject: QuerySubject
  /** Undefined: flags. */
  readonly filter: string | undefined
}

/**
 * What the arguments ask: a single one that names no registry is a filter over everything. Throws a NexusError('usage')
 * for a registry that is none, and for options that do not belong to what is asked.
 */
export async function toQueryRequest(
  [first, second]: readonly (string | undefined)[],
  options: QueryOptions,
): Promise<QueryRequest> {
  const flag = flagOptionNames.find(name => options[name] !== undefined)
  const subject = first === undefined ? 'all' : toSubject(first)
  const isFilter = subject === undefined && second === undefined && flag === undefined
  if (isFilter) return { subject: 'all', filter: first }
  if (subject === undefined) throw await toUnknownRegistry(first ?? '')
  if (second !== undefined && flag !== undefined) {
    const hint = 'A filter can do all of it by itself; without a filter there are flags'
    throw new NexusError('usage', `--${flag} does not go with a filter`, { hint })
  }
  const own = filterOptionNames.find(name => options[name] !== undefined)
  if (second === undefined && own !== undefined) {
    const hint = 'For example nexus-registry query models -r keys[]'
    throw new NexusError('usage', `${toFlag(own)} goes with a jq filter, and there is none`, { hint })
  }
  return { subject, filter: second }
}

function toSubject(text: string): QuerySubject | undefined {
  return text === 'all' ? text : parseRegistryName(text)
}

async function toUnknownRegistry(text: string): Promise<NexusError> {
  const { suggest } = await import('../core/nearest.ts')
  const names = [...registryNames, 'all']
  const hint = suggest(text, names) ?? `Registries are ${names.join(', ')}`
  return new NexusError('usage', `there is no registry ${JSON.stringify(text)}`, { hint })
}

function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

/** What flags ask. Throws a NexusError('usage') for a condition or a field to sort by that cannot be read. */
export function toFlagQuery({ where = [], present, sort = [], limit, select }: FlagOptions): FlagQuery {
  const conditions = [...where, ...(present ? ['detected.status = present'] : [])]
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
  throw new NexusError('usage', `--select: ${JSON.stringify(text)} is no list of fields`, {
    hint: 'For example --select provider,context_tokens',
  })
}

/** The same options for jq itself. */
export function toJqOptions(options: QueryOptions): JqOptions {
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
  ].filter(flag => typeof flag === 'string')
  const indent = options.indent === undefined ? [] : ['--indent', String(options.indent)]
  const { arg: texts = [], argjson: values = [], slurpfile: files = [], rawfile: rawFiles = [] } = options
  return { flags: [...flags, ...indent], texts, values, files, rawFiles }
}
