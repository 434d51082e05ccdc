import { NexusError } from '../lib/errors.ts'
import type { JqRequest, JqResult } from '../lib/jq/jq-program.ts'
import { limits } from '../lib/limits.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host } from '../platform/host.ts'
import { registryNames } from '../registry/schema/names.ts'
import { type JqOptions, toJqCall } from './jq-call.ts'

export interface FilterResult {
  /** What jq prints, as it prints it; empty when it was printed in pieces. */
  readonly output: string
  /** Errors, and what a filter writes to stderr; may be empty. */
  readonly messages: string
  /** Why it did not come to its end, where it did not. */
  readonly failure: string | undefined
  /**
   * What jq exits with where nothing failed: 0; with `--exit-status` also 1 (null or false) and 4 (nothing); what
   * `halt_error` sets, 5 by default.
   */
  readonly exitCode: number
}

type FilterHost = Pick<Host, 'runJq' | 'fs' | 'path' | 'cwd' | 'interrupted'>

/** Runs a jq filter over a text. What it prints is handed to `print` meanwhile, where there is one. Throws a NexusError('usage') for a filter that does not parse. */
export async function runFilter(
  filter: string,
  input: Uint8Array,
  {
    options,
    host,
    print,
    path,
  }: { options: JqOptions; host: FilterHost; print?: JqRequest['print']; path?: string | undefined },
): Promise<FilterResult> {
  const run = async (text: string, print?: JqRequest['print']): Promise<JqResult> => {
    const call = await toJqCall(text, options, host)
    host.interrupted.throwIfAborted()
    const { filterMemoryBytes: memoryBytes, filterOutputBytes: outputBytes } = limits
    return host.runJq({ ...call, input, memoryBytes, outputBytes, print, colors: options.colors })
  }
  const { exitCode, abort, stdout, stderr } = await run(filter, print)
  if (exitCode === compileStatus && /^jq: \d+ compile errors?$/m.test(stderr)) {
    if (path !== undefined) throw explainFileError(path, stderr)
    throw await explainFilterError(filter, stderr, async text => (await run(text)).stderr)
  }
  const failure = toFailure(exitCode, abort, stderr)
  return {
    output: stdout,
    messages: failure === undefined ? stderr : '',
    failure,
    // A process ends with a byte.
    exitCode: failure === undefined ? (exitCode ?? 0) & 0xff : 1,
  }
}

/** jq's own exit codes for a filter that does not compile, and for what it could not do, or a value that is an error. */
const compileStatus = 3
const failureStatuses = [2, compileStatus, 5]

// `halt_error` ends with any status, and prints what it was given without jq's name before it.
function toFailure(
  exitCode: number | undefined,
  abort: string | undefined,
  stderr: string,
): string | undefined {
  if (exitCode === undefined) return `jq was ended: ${abort}`
  if (!failureStatuses.includes(exitCode) || !/^jq: /m.test(stderr)) return undefined
  return toPlain(stderr)
}

/** Runs another filter like the first one, and returns the stderr of jq. */
type FilterContext = (filter: string) => Promise<string>

const toFilterError = /^jq: error: ([\s\S]*?) at <top-level>, line (\d+):/m
const shownCharacters = 60

/**
 * What is wrong with a filter of a file that jq did not take: the line alone. jq's own words name what the filter has in
 * it, and the file may be another one than was meant.
 */
function explainFileError(path: string, stderr: string): NexusError {
  const [, , line] = toFilterError.exec(stderr) ?? []
  const place = line === undefined ? '' : `, line ${line}`
  return new NexusError('usage', `the filter of ${path} does not parse${place}`, {
    hint: 'Without --from-file, as an argument, jq prints more about it: https://jqlang.org/manual',
  })
}

/** What is wrong with a filter that jq did not take, with the place in it. */
async function explainFilterError(
  filter: string,
  stderr: string,
  runOther: FilterContext,
): Promise<NexusError> {
  const [, message = ''] = toFilterError.exec(stderr) ?? []
  if (message === '')
    return new NexusError('usage', toPlain(stderr), { hint: await toHint(stderr, runOther) })
  const what = message.replace(/ \((?:Unix|Windows) .*\)$/, '')
  const isCutShort = what.includes('unexpected end of file')
  const place = isCutShort ? filter.trimEnd().length : await findPlace(filter, runOther)
  const shown = place === undefined ? '' : `\n${showPlace(filter, place)}`
  return new NexusError('usage', `the filter does not parse: ${what}${shown}`, {
    hint: await toHint(what, runOther),
  })
}

/**
 * The index of the error. jq prints its line and not its column: with every word on a line of its own, the line
 * is the word.
 */
async function findPlace(filter: string, runOther: FilterContext): Promise<number | undefined> {
  const starts = splitTokens(filter)
  const words = starts.map((start, index) => filter.slice(start, starts[index + 1]).trimEnd())
  // A word of several lines, a string, and a comment behind it, would shift the rest.
  const lines = words.map(word => word.split('\n').length)
  const [, , line] = toFilterError.exec(await runOther(words.join('\n'))) ?? []
  if (line === undefined) return undefined
  let passed = 0
  for (const [index, count] of lines.entries()) {
    passed += count
    if (Number(line) <= passed) return starts[index]
  }
  return filter.trimEnd().length
}

/** The line of a place and a mark below it; of a long line what is around it. */
function showPlace(filter: string, place: number): string {
  const start = filter.lastIndexOf('\n', place - 1) + 1
  const line = filter.slice(start).split('\n')[0]?.replaceAll('\t', ' ') ?? ''
  const column = place - start
  const from = Math.max(0, column - shownCharacters / 2)
  const number = filter.slice(0, start).split('\n').length
  const prefix = filter.includes('\n') ? `${number} │ ` : ''
  const part = `${from > 0 ? '…' : ''}${line.slice(from, from + shownCharacters)}${line.length > from + shownCharacters ? '…' : ''}`
  return `  ${prefix}${part}\n  ${' '.repeat(prefix.length + (from > 0 ? 1 : 0) + column - from)}^`
}

async function toHint(what: string, runOther: FilterContext): Promise<string> {
  if (what.includes('module not found'))
    return 'No modules are read here: write what is needed into the filter'
  const [, name, arity] = /^(\w+)\/(\d+) is not defined$/.exec(what) ?? []
  if (name === undefined)
    return 'A filter is what jq understands, in single quotes: https://jqlang.org/manual'
  return toNameHint(name, Number(arity), await listFunctions(runOther))
}

function toNameHint(name: string, arity: number, functions: ReadonlyMap<string, readonly number[]>): string {
  const arities = functions.get(name)
  if (arities) return `It is written ${arities.map(count => toForm(name, count)).join(' or ')}`
  const subjects = arity === 0 ? [...registryNames, 'all'] : []
  const meant = suggest(name, [...subjects, ...functions.keys()])
  if (meant !== undefined) return meant
  return arity === 0
    ? `Fields begin with a dot: .${name}`
    : 'Functions are those of https://jqlang.org/manual'
}

function toForm(name: string, arity: number): string {
  return arity === 0 ? name : `${name}(${Array(arity).fill('…').join('; ')})`
}

/** How many arguments each of jq's own functions takes, by name. */
async function listFunctions(runOther: FilterContext): Promise<ReadonlyMap<string, readonly number[]>> {
  const functions = new Map<string, number[]>()
  const builtins = await runOther('[builtins[] | . + "\\n"] | sort | add | stderr | halt')
  for (const [, name = '', arity] of builtins.matchAll(/^(\w+)\/(\d+)$/gm)) {
    functions.set(name, [...(functions.get(name) ?? []), Number(arity)])
  }
  return functions
}

// How many faults it counted, and where its own command line is explained.
const besides = /^(?:jq: \d+ compile errors?|Use jq --help .*|or see the jq manpage.*|)$/

// `jq: error (at <stdin>:3): no`, and of what is no text `jq: error (at <stdin>:3) (not a string): {"a":1}`.
const ownName = /^jq: (?:error(?: \(at [^)]*\)(?: \(not a string\))?)?: )?/

/** The error message of jq without its prefix. */
function toPlain(stderr: string): string {
  const lines = stderr.split('\n').filter(line => !besides.test(line))
  return lines.map(line => line.replace(ownName, '')).join('\n')
}

// As jq's own lexer takes them: fields with their dot, names with their modules, operators of several characters.
const token =
  /[ \t\r\n]+|#[^\r\n]*|\.\.|\.[A-Za-z_]\w*|\$__loc__|[@$]?[A-Za-z_](?:\w|::(?=[A-Za-z_]))*|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|\?\/\/=?|\/\/=|[-+*/%|!=<>]=|\/\/|./gsuy

/**
 * Splits a jq filter into its tokens: where each of them begins. What is between them, and comments, is left
 * out. A string is one of them, whatever is interpolated into it.
 */
export function splitTokens(filter: string): number[] {
  const starts: number[] = []
  let at = 0
  while (at < filter.length) {
    const length = filter[at] === '"' ? stringLength(filter, at) : tokenLength(filter, at)
    const isToken = !/^[\s#]/.test(filter.slice(at, at + 1))
    if (isToken) starts.push(at)
    at += length
  }
  return starts
}

function tokenLength(filter: string, at: number): number {
  token.lastIndex = at
  return token.exec(filter)?.[0].length ?? 1
}

/** Length of a string with what is interpolated into it, `"a\(.b + "c")"`; to the end when it is not closed. */
function stringLength(filter: string, start: number): number {
  // Strings and brackets that are open: an interpolation ends with its own bracket.
  const open = ['"']
  let at = start + 1
  for (; at < filter.length && open.length > 0; at += 1) {
    const character = filter[at] ?? ''
    if (open.at(-1) === '"') at += readInString(character, filter[at + 1], open)
    else readInCode(character, open)
  }
  return at - start
}

function readInString(character: string, next: string | undefined, open: string[]): number {
  if (character === '"') open.pop()
  if (character !== '\\') return 0
  if (next === '(') open.push('(')
  return 1
}

function readInCode(character: string, open: string[]): void {
  if (character === '"' || character === '(') open.push(character)
  if (character === ')') open.pop()
}
