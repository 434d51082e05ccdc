import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import { createDeadline } from '../../platform/deadline.ts'
import type {
  BrokenProgram,
  FoundProgram,
  ProgramFinder,
  ProgramHost,
  ProgramSearch,
  UncertainProgram,
} from '../probe.ts'
import { identifyLauncher, identifyProgram } from './identify-program.ts'
import { inspectFile, inspectMatch, type MatchResult, type Usable } from './inspect-match.ts'
import { createPathIndex, loadSearchPath, type PathProblem } from './path-directory.ts'
import type { ShimStep } from './shims/shim.ts'

/**
 * Finds programs on the PATH of `host.env` without starting any. Lists every directory once for all searches, and
 * searches every name once.
 */
export function createProgramFinder(host: ProgramHost): ProgramFinder {
  const loadIndex = once(async () => createPathIndex(await loadSearchPath(host), host))
  const deadline = createDeadline(limits.directoryTimeoutMs, host.clock)
  const searches = new Map<string, Promise<ProgramSearch>>()
  const search = async (name: string): Promise<ProgramSearch> => {
    if (host.path.isAbsolute(name)) return toSearch([await inspectFile(name, host)], [], host)
    if (name === '' || /[\\/\0]/.test(name)) return { result: undefined, others: [], passedOver: [] }
    const index = await loadIndex()
    const inspected = await Promise.all(index.matches(name).map(match => inspectMatch(match, deadline, host)))
    return toSearch(inspected, index.problems, host)
  }
  return {
    find: name => {
      const running = searches.get(name) ?? search(name)
      searches.set(name, running)
      return running
    },
  }
}

async function toSearch(
  inspected: readonly MatchResult[],
  problems: readonly PathProblem[],
  host: ProgramHost,
): Promise<ProgramSearch> {
  const passedOver = inspected.flatMap(match =>
    match.kind === 'passed-over' ? [{ path: match.path, why: match.why }] : [],
  )
  const candidates = inspected.filter(match => match.kind !== 'passed-over')
  const [first, ...further] = candidates
  const result = first && (await toResult(first, further, host))
  const target = result?.kind === 'found' ? result.target : undefined
  const others = further.filter(isUsable).map(({ path }) => path)
  return {
    result,
    others: others.filter(path => path !== target),
    passedOver: [...passedOver, ...problems],
  }
}

type ProgramResult = FoundProgram | BrokenProgram | UncertainProgram

async function toResult(
  match: MatchResult,
  further: readonly MatchResult[],
  host: ProgramHost,
): Promise<ProgramResult | undefined> {
  const { path } = match
  if (match.kind === 'passed-over') return undefined
  if (match.kind === 'broken') return { kind: 'broken', path, manager: undefined, reason: match.reason }
  if (match.kind === 'usable') {
    return {
      kind: 'found',
      path,
      target: path,
      manager: undefined,
      ...(await identifyProgram(match, host)),
    }
  }
  const { manager } = match
  for (const step of match.result.steps) {
    const result = await followStep(step, match, further, host)
    if (result) return result
  }
  // It may quote files of the working directory.
  return { kind: 'broken', path, manager, reason: toCleanText(match.result.reason) }
}

async function followStep(
  step: ShimStep,
  shim: Extract<MatchResult, { kind: 'shim' }>,
  further: readonly MatchResult[],
  host: ProgramHost,
): Promise<ProgramResult | undefined> {
  const { path, manager } = shim
  if (typeof step === 'object' && 'unclear' in step) {
    const { isRunnable, unclear } = step
    return { kind: 'uncertain', path, manager, isRunnable, reason: toCleanText(unclear) }
  }
  if (typeof step === 'object') {
    const itself = await identifyLauncher(shim, step.leadsTo, host)
    return itself && { kind: 'found', path, target: path, manager, version: step.version, ...itself }
  }
  const target = step === 'system' ? await findBehind(further, host) : await findTarget(step, host)
  if (target?.kind !== 'found') return target && { ...target, path, manager }
  return { ...target, path, manager }
}

// `system` of a version manager: what comes after its shim on PATH.
async function findBehind(
  further: readonly MatchResult[],
  host: ProgramHost,
): Promise<FoundProgram | UncertainProgram | undefined> {
  const [next, ...rest] = further
  const result = next && (await toResult(next, rest, host))
  return result?.kind === 'broken' ? undefined : result
}

async function findTarget(path: string, host: ProgramHost): Promise<FoundProgram | undefined> {
  const file = await inspectFile(path, host)
  if (file.kind !== 'usable') return undefined
  return { kind: 'found', path, target: path, manager: undefined, ...(await identifyProgram(file, host)) }
}

function isUsable(match: MatchResult): match is Usable {
  return match.kind === 'usable'
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => {
    loading ??= load()
    return loading
  }
}
