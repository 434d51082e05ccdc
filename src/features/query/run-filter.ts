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
    return host.runJq({ ...call, input, memoryBytes, outputBytes, print })
  }
  const { exitCode, abort, stdout, stderr } = await run(filter, print)
  if (/^jq: \d+ compile errors?$/m.test(stderr)) {
    throw await explainFault(filter, stderr, async text => (await run(text)).stderr)
  }
  const asked = answers.find(code => code === exitCode)
  return {
    output: stdout,
    messages: asked === undefined && abort === undefined ? '' : stderr,
    failure: asked === undefined ? toFailure(abort, stderr) : undefined,
    exitCode: asked ?? 1,
  }
}

function toFailure(abort: string | undefined, stderr: string): string {
  if (abort !== undefined) return `jq was ended: ${abort}`
  return toPlain(stderr) || 'it halted without a word'
}
