import { readEngine } from './container-engine.ts'
import { readProvider } from './container-provider.ts'
import type { Finding, FoundProgram, Probe, ProbeContext, ProbeTarget, ProgramSearch } from './probe.ts'
import { readVersion } from './version.ts'

/** Present when the program is on PATH: what `command -v` says, and that it leads somewhere. Starts no process for it. */
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
  const reason = `${program} was not found on PATH${hint}`
  return { status: 'absent', path: null, version: null, evidence: null, reason }
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
