import { toCleanText } from '../lib/text/text.ts'
import type { ProcessResult } from '../platform/host.ts'
import {
  type Finding,
  type FoundProgram,
  type Probe,
  type ProbeContext,
  type ProbeTarget,
  type ProgramSearch,
  toBareFinding,
} from './probe.ts'
import { readVersion } from './version.ts'

/** Present when the program is on PATH: what `command -v` prints, and that its links resolve. Starts no process for it. */
export const pathProbe: Probe = {
  kind: 'path',
  detect: async (target, context) => {
    const program = target.program ?? target.id
    const search = await context.programs.find(program)
    if (search.result?.kind !== 'found') return toMissing(program, search, context)
    const found = search.result
    const finding = await toPresent(found, search, target, context)
    if (finding.status !== 'present') return finding
    return withDetails(finding, await readContainer(program, found, finding, target, context))
  },
}

/** A program that is there, with its version; broken when a placeholder stands in its place. */
export async function toPresent(
  found: FoundProgram,
  search: ProgramSearch,
  target: ProbeTarget,
  context: ProbeContext,
): Promise<Finding> {
  const { version, raw, reason, isStub } = await readVersion(target, found, context)
  const evidence = found.manager === undefined ? 'path' : 'shim'
  const status = isStub ? 'broken' : 'present'
  const finding: Finding = { status, path: found.path, version, evidence, reason }
  return withDetails(finding, {
    version_raw: raw ?? undefined,
    manager: found.manager,
    target: found.target === found.path ? undefined : found.target,
    others: search.others.length > 0 ? search.others : undefined,
  })
}

/** A program that is broken, not there or not known, and what was passed over on the way. */
export function toMissing(program: string, search: ProgramSearch, context: ProbeContext): Finding {
  const { result } = search
  if (result?.kind === 'uncertain') {
    const { path, reason, manager } = result
    const status = result.isRunnable ? 'present' : 'unknown'
    return withDetails({ status, path, version: null, evidence: 'shim', reason }, { manager })
  }
  if (result?.kind === 'broken') {
    const { path, reason, manager } = result
    const evidence = manager === undefined ? 'path' : 'shim'
    return withDetails({ status: 'broken', path, version: null, evidence, reason }, { manager })
  }
  const { basename } = context.host.path
  const unusable = search.passedOver.filter(({ path }) => basename(path) === program)
  const hint = unusable.map(({ path, why }) => `; ${path} was passed over: it ${why}`).join('')
  return toBareFinding('absent', `${program} was not found on PATH${hint}`)
}

/** Adds the details that are known. */
export function withDetails(finding: Finding, details: Readonly<Record<string, unknown>>): Finding {
  const known = Object.entries(details).filter(([, value]) => value !== undefined)
  if (known.length === 0) return finding
  return { ...finding, details: { ...finding.details, ...Object.fromEntries(known) } }
}

async function readContainer(
  program: string,
  found: FoundProgram,
  finding: Finding,
  target: ProbeTarget,
  context: ProbeContext,
): Promise<Readonly<Record<string, unknown>>> {
  if (program !== 'docker' && program !== 'podman') return {}
  const provider = await readProvider(found, finding.details?.version_raw, context)
  const engine = context.mode === 'deep' ? await readEngine(found, target, context) : undefined
  return { provider, engine }
}

/** Whether the engine of a client responds. Without a response it may run all the same. */
interface Engine {
  readonly reachable: boolean
  /** Its address; null when the client did not print it. */
  readonly address: string | null
  readonly version: string | null
  readonly reason: string | null
}

const engineQuery = ['version', '--format', '{{.Server.Version}}'] as const

/** Asks the engine for its version: read-only, and no longer than the target's deadline. */
async function readEngine(
  found: FoundProgram,
  target: ProbeTarget,
  context: ProbeContext,
): Promise<Engine | undefined> {
  if (!target.isTrusted) return undefined
  const result = await context.run([found.target, ...engineQuery], { timeoutMs: target.timeoutMs })
  const version = toServerVersion(result)
  if (version !== undefined) {
    return { reachable: true, address: context.host.env.DOCKER_HOST ?? null, version, reason: null }
  }
  const address = toAddress(result, context)
  return { reachable: false, address, version: null, reason: describe(result, address, target) }
}

// Only an engine that responds has a version to print, whatever else is printed.
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

const largestWrapper = 4096

/** The program behind `docker` or `podman`: podman poses as docker by a link, or by a script that calls it (podman-docker). */
async function readProvider(
  found: FoundProgram,
  versionLine: unknown,
  context: ProbeContext,
): Promise<'docker' | 'podman'> {
  if (typeof versionLine === 'string' && /podman/i.test(versionLine)) return 'podman'
  const { fs, path } = context.host
  const realPath = await fs.realPath(found.target).catch(() => found.target)
  if (/^podman/.test(path.basename(realPath))) return 'podman'
  const text = await fs.readText(realPath, largestWrapper).catch(() => undefined)
  return text?.startsWith('#!') && /^\s*exec\s.*podman/m.test(text) ? 'podman' : 'docker'
}
