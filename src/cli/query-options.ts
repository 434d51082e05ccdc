import { type Command, InvalidArgumentError } from 'commander'
import { parseCount } from './options.ts'

/** Options of `query` without a filter. */
export interface FlagOptions {
  readonly where?: readonly string[]
  readonly present?: boolean
  readonly ready?: boolean
  readonly sort?: readonly string[]
  readonly limit?: number
  readonly select?: string
  readonly format?: string
}

/** Options of `query` with a jq filter. */
interface FilterOptions {
  readonly rawOutput?: boolean
  readonly joinOutput?: boolean
  readonly asciiOutput?: boolean
  readonly compactOutput?: boolean
  readonly slurp?: boolean
  readonly nullInput?: boolean
  readonly sortKeys?: boolean
  readonly exitStatus?: boolean
  readonly tab?: boolean
  readonly stream?: boolean
  readonly colorOutput?: boolean
  readonly monochromeOutput?: boolean
  readonly fromFile?: string
  readonly args?: boolean
  readonly jsonargs?: boolean
  readonly indent?: number
  readonly arg?: readonly Pair[]
  readonly argjson?: readonly Pair[]
  readonly slurpfile?: readonly Pair[]
  readonly rawfile?: readonly Pair[]
}

interface Pair {
  readonly name: string
  readonly value: string
}

export type QueryOptions = FlagOptions & FilterOptions

export const flagOptionNames = ['where', 'present', 'ready', 'sort', 'limit', 'select', 'format'] as const
export const filterOptionNames = [
  'rawOutput',
  'joinOutput',
  'asciiOutput',
  'compactOutput',
  'slurp',
  'nullInput',
  'sortKeys',
  'exitStatus',
  'tab',
  'stream',
  'colorOutput',
  'monochromeOutput',
  'fromFile',
  'args',
  'jsonargs',
  'indent',
  'arg',
  'argjson',
  'slurpfile',
  'rawfile',
] as const

export function addQueryOptions(command: Command): Command {
  return command
    .option(
      '--where <condition>',
      'Condition FIELD OP VALUE, all of several: = != < <= > >= ~ contains in',
      collect,
    )
    .option('--present', 'Only entries that are present on this machine')
    .option('--ready', 'Only entries that can be used here and now')
    .option('--sort <field>', 'Sort by FIELD or FIELD:desc, several with commas', collect)
    .option('--limit <n>', 'Print at most this many entries', parseCount)
    .option('--select <fields>', 'Print only the id and these fields: provider,detected.version')
    .option('--format <format>', 'Output format: table, json, ndjson, csv or yaml')
    .option('-f, --from-file <file>', 'Read the jq filter from a file')
    .option('-r, --raw-output', 'With a filter: print strings without quotes')
    .option('-j, --join-output', 'With a filter: like -r, without newlines between')
    .option('-a, --ascii-output', 'With a filter: print only ASCII, and escape the rest')
    .option('-c, --compact-output', 'With a filter: print each value on one line')
    .option('-s, --slurp', 'With a filter: read all input into one array')
    .option('-n, --null-input', 'With a filter: read no input')
    .option('-S, --sort-keys', 'With a filter: print keys in order')
    .option(
      '-e, --exit-status',
      'With a filter: exit with 1 if the last value is false or null, with 4 if there is none',
    )
    .option('-C, --color-output', 'With a filter: color the output, in a pipe too')
    .option('-M, --monochrome-output', 'With a filter: no colors on a terminal')
    .option('--stream', 'With a filter: read the input as a stream of paths and values')
    .option('--tab', 'With a filter: indent by tabs')
    .option('--indent <n>', 'With a filter: indent by this many spaces, at most 7', parseIndent)
    .option('--arg <name> <value>', 'With a filter: set $name to a string', collectPairs)
    .option('--argjson <name> <value>', 'With a filter: set $name to a JSON value', collectPairs)
    .option(
      '--slurpfile <name> <file>',
      'With a filter: set $name to the JSON values of a file',
      collectPairs,
    )
    .option('--rawfile <name> <file>', 'With a filter: set $name to the content of a file', collectPairs)
    .option('--args', 'With a filter: the remaining arguments are strings in $ARGS.positional')
    .option('--jsonargs', 'With a filter: the remaining arguments are JSON values in $ARGS.positional')
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

function collectPairs(text: string, previous: readonly Pair[] = []): Pair[] {
  const pair = splitPair(text)
  if (pair) return [...previous, pair]
  throw new InvalidArgumentError('Expected a name and a value.')
}

function parseIndent(text: string): number {
  if (/^[0-7]$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a number from 0 to 7.')
}

/** Options of `query` that take a name and a value, as jq's do. */
const pairOptions = ['--arg', '--argjson', '--slurpfile', '--rawfile']

/** Separates name and value: no argument of a process can contain it. */
const separator = '\0'

/** Joins the two values of an option like `--arg`: an option of Commander takes only one. */
export function pairValues(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  const paired: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const [option = '', name, value] = argv.slice(index)
    paired.push(option)
    const isPair = pairOptions.includes(option) && (end === -1 || index < end)
    if (!isPair || name === undefined || value === undefined) continue
    paired.push(`${name}${separator}${value}`)
    index += 2
  }
  return paired
}

/** Splits what `pairValues` joined; undefined when a value is missing. */
export function splitPair(text: string): { name: string; value: string } | undefined {
  const at = text.indexOf(separator)
  return at === -1 ? undefined : { name: text.slice(0, at), value: text.slice(at + 1) }
}
