import { NexusError } from '../../core/errors.ts'
import type { Host } from '../../core/host.ts'
import type { JqRequest, JqResult } from '../../core/jq/jq-program.ts'
import { limits } from '../../core/limits.ts'
import { explainFault, toPlain } from './explain-fault.ts'
import { type JqOptions, toJqCall } from './jq-call.ts'

export interface FilterAnswer {
  /** What jq prints, as it prints it; empty when it was printed in pieces. */
  readonly output: string
  /** What it says beside: errors, and what a filter sends to stderr. Empty when there is nothing. */
  readonly messages: string
  /** Why it did not come to its end, where it did not. */
  readonly failure: string | undefined
  /** What may help against the failure. */
  readonly hint?: string | undefined
  /** What jq ends with where nothing failed: 0; with `--exit-status` also 1 (null or false) and 4 (nothing). */
  readonly exitCode: 0 | 1 | 4
}

type FilterHost = Pick<Host, 'runJq' | 'fs' | 'path' | 'cwd' | 'interrupted'>

/** Exit codes of jq that are answers; any other is a failure. */
const answers = [0, 1, 4] as const

/** Runs a jq filter over a text. What it prints is handed to `print` meanwhile, where there is one. Throws a NexusError('usage') for a filter that does not parse. */
export async function runFilter(
  filter: string,
  input: Uint8Array,
  { options, host, print }: { options: JqOptions; host: FilterHost; print?: JqRequest['print'] },
): Promise<FilterAnswer> {
  const run = async (text: string, print?: JqRequest['print']): Promise<JqResult> => {
    const call = await toJqCall(text, options, host)
    host.interrupted.throwIfAborted()
    const { filterMemoryBytes: memoryBytes, filterOutputBytes: outputBytes } = limits
    return host.runJq({ ...call, input, memoryBytes, outputBytes, print, colors: options.colors })
  }
  const { exitCode, abort, stdout, stderr } = await run(filter, print)
  if (/^jq: \d+ compile errors?$/m.test(stderr)) {
    const fault = await explainFault(filter, stderr, async text => (await run(text)).stderr)
    const hint = toQuotedKeyHint(filter, input)
    throw hint === undefined ? fault : new NexusError('usage', fault.message, { hint })
  }
  const asked = answers.find(code => code === exitCode)
  return {
    output: stdout,
    messages: asked === undefined && abort === undefined ? '' : stderr,
    failure: asked === undefined ? toFailure(abort, stderr) : undefined,
    hint: asked === undefined ? toQuotedKeyHint(filter, input) : undefined,
    exitCode: asked ?? 1,
  }
}

// `.gpt-4o` is a subtraction to jq, and `.4o-mini` begins with a number.
const unquotedKey = /\.(\w+(?:[-.:/@+]\w+)+)/g

/** How a key of the input that the filter has without quotes is written. */
function toQuotedKeyHint(filter: string, input: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(input)
  const found = [...filter.matchAll(unquotedKey)].flatMap(([, word = '']) => toParts(word))
  const key = found.find(part => !/^[A-Za-z_]\w*$/.test(part) && text.includes(`${JSON.stringify(part)}:`))
  return key === undefined ? undefined : `A name with characters like - or . stands in quotes: ."${key}"`
}

/** Of `models.gpt-4o.status` all parts that begin behind a dot, the longest first: `gpt-4o.status`, `gpt-4o`. */
function toParts(word: string): string[] {
  const starts = [0, ...[...word.matchAll(/\./g)].map(({ index }) => index + 1)]
  const ends = [...[...word.matchAll(/[-.:/@+]/g)].map(({ index }) => index), word.length].reverse()
  return starts.flatMap(start => ends.filter(end => end > start).map(end => word.slice(start, end)))
}

function toFailure(abort: string | undefined, stderr: string): string {
  if (abort !== undefined) return `jq was ended: ${abort}`
  return toPlain(stderr) || 'it halted without a word'
}
