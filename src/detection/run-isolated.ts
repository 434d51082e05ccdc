import type { Argv } from '../lib/shell/command-line.ts'
import type { ProcessResult } from '../platform/host.ts'
import type { ProbeContext } from './probe.ts'
import type { Reach } from './probe-environment.ts'

export interface IsolatedRun {
  readonly timeoutMs: number
  readonly env?: Record<string, string | undefined>
  /** Whether the result holds what was asked for. */
  readonly isAnswer: (result: ProcessResult) => boolean | Promise<boolean>
  /** What the second try may reach; `home` unless said otherwise. */
  readonly otherwise?: Exclude<Reach, 'nothing'>
}

/**
 * Asks a program about itself without a trace: in an empty home, without network. One that does not answer there may
 * need what is installed in the home, so it is asked once more with it, in what is left of the time: a failure counts
 * only when it is no fault of the empty home.
 */
export async function runIsolated(
  argv: Argv,
  { isAnswer, otherwise = 'home', ...options }: IsolatedRun,
  context: Pick<ProbeContext, 'run'>,
): Promise<ProcessResult> {
  const first = await context.run(argv, { ...options, reach: 'nothing' })
  const hasEnded = first.outcome === 'exited' || first.outcome === 'signaled'
  const timeoutMs = Math.floor(options.timeoutMs - first.durationMs)
  if (!hasEnded || timeoutMs < 1 || (await isAnswer(first))) return first
  const second = await context.run(argv, { ...options, timeoutMs, reach: otherwise })
  return second.outcome === 'timed-out' ? first : second
}
