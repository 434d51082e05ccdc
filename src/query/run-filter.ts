import type { JqRequest, JqResult } from '../lib/jq/jq-program.ts'
import { limits } from '../lib/limits.ts'
import type { Host } from '../platform/host.ts'
import { explainFault, explainFileFault, toPlain } from './explain-fault.ts'
import { type JqOptions, toJqCall } from './jq-call.ts'

export interface FilterAnswer {
  /** What jq prints, as it prints it; empty when it was printed in pieces. */
  readonly output: string
  /** What it says beside: errors, and what a filter sends to stderr. Empty when there is nothing. */
  readonly messages: string
  /** Why it did not come to its end, where it did not. */
  readonly failure: string | undefined
  /**
   * What jq exits with where nothing failed: 0; with `--exit-status` also 1 (null or false) and 4 (nothing); what
   * `halt_error` says, 5 by default.
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
): Promise<FilterAnswer> {
  const run = async (text: string, print?: JqRequest['print']): Promise<JqResult> => {
    const call = await toJqCall(text, options, host)
    host.interrupted.throwIfAborted()
    const { filterMemoryBytes: memoryBytes, filterOutputBytes: outputBytes } = limits
    return host.runJq({ ...call, input, memoryBytes, outputBytes, print, colors: options.colors })
  }
  const { exitCode, abort, stdout, stderr } = await run(filter, print)
  if (exitCode === compileStatus && /^jq: \d+ compile errors?$/m.test(stderr)) {
    if (path !== undefined) throw explainFileFault(path, stderr)
    throw await explainFault(filter, stderr, async text => (await run(text)).stderr)
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
