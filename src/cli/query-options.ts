import { type Command, InvalidArgumentError } from 'commander'
import { parseCount } from './options.ts'

/** Options of `query` without a filter. */
export interface FlagOptions {
  readonly where?: readonly string[]
  readonly present?: boolean
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

export const flagOptionNames = ['where', 'present', 'sort', 'limit', 'select', 'format'] as const
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
      'condition FIELD OP VALUE, all of several: = != < <= > >= ~ contains in',
      collect,
    )
    .option('--present', 'only what was found on this machine')
    .option('--sort <field>', 'sort by FIELD or FIELD:desc, several with commas', collect)
    .option('--limit <n>', 'print at most so many', parseCount)
    .option('--select <fields>', 'print only the id and these fields: provider,detected.version')
    .option('--format <format>', 'how to print entries: table, json, ndjson, csv or yaml')
    .option('-f, --from-file <file>', 'read the jq filter from a file')
    .option('-r, --raw-output', 'with a filter: print texts without quotes')
    .option('-j, --join-output', 'with a filter: the same, without new lines between')
    .option('-a, --ascii-output', 'with a filter: print only ASCII, and escape the rest')
    .option('-c, --compact-output', 'with a filter: print each value on one line')
    .option('-s, --slurp', 'with a filter: read all input into one list')
    .option('-n, --null-input', 'with a filter: read no input')
    .option('-S, --sort-keys', 'with a filter: print keys in order')
    .option(
      '-e, --exit-status',
      'with a filter: exit 1 when the last value is false or null, 4 when there is none',
    )
    .option('-C, --color-output', 'with a filter: color the output, in a pipe too')
    .option('-M, --monochrome-output', 'with a filter: no colors on a terminal')
    .option('--stream', 'with a filter: read the input as a stream of paths and values')
    .option('--tab', 'with a filter: indent by tabs')
    .option('--indent <n>', 'with a filter: indent by so many spaces, at most 7', parseIndent)
    .option('--arg <name> <value>', 'with a filter: a text for it, as $name', collectPairs)
    .option('--argjson <name> <value>', 'with a filter: a JSON value for it, as $name', collectPairs)
    .option(
      '--slurpfile <name> <file>',
      'with a filter: the JSON values of a file for it, as $name',
      collectPairs,
    )
    .option('--rawfile <name> <file>', 'with a filter: the text of a file for it, as $name', collectPairs)
    .option('--args', 'with a filter: the arguments after it are texts, as $ARGS.positional')
    .option('--jsonargs', 'with a filter: the arguments after it are JSON values, as $ARGS.positional')
}

function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

function collectPairs(text: string, previous: readonly Pair[] = []): Pair[] {
  const pair = splitPair(text)
  if (pair) return [...previous, pair]
  throw new InvalidArgumentError('It takes a name and a value.')
}

function parseIndent(text: string): number {
  if (/^[0-7]$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It takes a number from 0 to 7.')
}

/** Options of `query` that take a name and a value, as jq's do. */
const pairOptions = ['--arg', '--argjson', '--slurpfile', '--rawfile']

/** What stands between the two: no argument of a program can hold it. */
const separator = '\0'

/** Makes one argument of the two values that an option like `--arg` takes: options of Commander take one. */
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

/** The two values of such an argument; undefined when there was only one. */
export function splitPair(text: string): { name: string; value: string } | undefined {
  const at = text.indexOf(separator)
  return at === -1 ? undefined : { name: text.slice(0, at), value: text.slice(at + 1) }
}
