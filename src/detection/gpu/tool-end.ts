import { firstLine } from '../../lib/text/lines.ts'
import type { ProcessResult } from '../../platform/host.ts'

/**
 * A note about a vendor's tool that did not end well or complained on stderr; null when it did neither. `rest` is what
 * it printed besides its GPUs: with exit code 0 that is no more than a remark.
 */
export function describeEnd(
  name: string,
  result: ProcessResult,
  { rest, timeoutMs }: { rest: string; timeoutMs: number },
): string | null {
  const end = describeOutcome(result, timeoutMs)
  const lines = [end === undefined ? undefined : firstLine(rest), firstLine(result.stderr)]
  const said = [...new Set(lines.filter(line => line !== undefined))].join('; ')
  if (end === undefined) return said === '' ? null : `${name}: ${said}`
  return said === '' ? `${name} ${end}` : `${name} ${end}: ${said}`
}

function describeOutcome(result: ProcessResult, timeoutMs: number): string | undefined {
  if (result.outcome === 'timed-out') return `did not end within ${timeoutMs / 1000} s`
  if (result.outcome === 'aborted') return 'was interrupted'
  if (result.outcome === 'not-started') return `could not be started (${result.error ?? 'no reason given'})`
  if (result.outcome === 'signaled') return `was ended by ${result.signal ?? 'a signal'}`
  if (result.exitCode !== 0) return `ended with exit code ${result.exitCode}`
  return result.truncated ? 'printed more than is read' : undefined
}

/** Whether more might have come: the last thing that it printed may be incomplete. */
export function isCut({ outcome, truncated }: ProcessResult): boolean {
  return outcome !== 'exited' || truncated
}
