import { toCleanText } from '../lib/text/text.ts'
import type { ProcessResult } from '../platform/host.ts'
import type { FoundProgram, ProbeContext, ProbeTarget } from './probe.ts'

/** Whether an engine answers behind the client. Silence is only that: the engine may run all the same. */
export interface Engine {
  readonly reachable: boolean
  /** Where it was looked for; null when the client did not say. */
  readonly address: string | null
  readonly version: string | null
  readonly reason: string | null
}

const question = ['version', '--format', '{{.Server.Version}}'] as const

/** Asks the engine for its version: read-only, and no longer than the target's deadline. */
export async function readEngine(
  found: FoundProgram,
  target: ProbeTarget,
  context: ProbeContext,
): Promise<Engine | undefined> {
  if (!target.isTrusted) return undefined
  const result = await context.run([found.target, ...question], { timeoutMs: target.timeoutMs })
  const version = toServerVersion(result)
  if (version !== undefined) {
    return { reachable: true, address: context.host.env.DOCKER_HOST ?? null, version, reason: null }
  }
  const address = toAddress(result, context)
  return { reachable: false, address, version: null, reason: describe(result, address, target) }
}

// Only an engine that answers gives a version to print, whatever is printed around it.
function toServerVersion({ stdout, outcome, exitCode }: ProcessResult): string | undefined {
  const lines = stdout.split('\n').map(line => toCleanText(line))
  const version = lines.find(line => /^v?\d+(?:\.\d+)+[-+.~\w]*$/.test(line))
  const hasEnded = outcome === 'exited' && exitCode === 0
  return version ?? (hasEnded ? lines.find(line => line !== '') : undefined)
}

function describe(result: ProcessResult, address: string | null, target: ProbeTarget): string {
  const where = address === null ? 'unreachable' : `unreachable at ${address}`
  return result.outcome === 'timed-out' ? `${where} within ${target.timeoutMs / 1000} s` : where
}

// The client names the address in its complaint: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock."
function toAddress(result: ProcessResult, context: ProbeContext): string | null {
  const named = /\b(?:unix|npipe|tcp|ssh|https?):\/\/[^\s"',]+/
    .exec(result.stderr)?.[0]
    .replace(/[.:?]+$/, '')
  return named === undefined ? (context.host.env.DOCKER_HOST ?? null) : toCleanText(named)
}
