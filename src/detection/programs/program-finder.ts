import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import { createDeadline } from '../../platform/deadline.ts'
import type { FoundProgram, ProgramFinder, ProgramHost, ProgramSearch } from '../probe.ts'
import { inspectFile, inspectMatch, type MatchResult, resolveShim, type Usable } from './inspect-match.ts'
import { createPathIndex, loadSearchPath, type PathProblem } from './path-directory.ts'
import { findScriptInputs } from './script-inputs.ts'
import { largestScript, readScript, type ShimStep } from './shims/shim.ts'

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

type ProgramResult = NonNullable<ProgramSearch['result']>

async function toResult(
  match: MatchResult,
  further: readonly MatchResult[],
  host: ProgramHost,
): Promise<ProgramResult | undefined> {
  const { path } = match
  if (match.kind === 'passed-over') return undefined
  if (match.kind === 'broken') return { kind: 'broken', path, manager: undefined, reason: match.reason }
  if (match.kind === 'usable') return toFound(match, host)
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
  return target && { ...target, path, manager }
}

// `system` of a version manager: what comes after its shim on PATH.
async function findBehind(
  further: readonly MatchResult[],
  host: ProgramHost,
): Promise<Exclude<ProgramResult, { kind: 'broken' }> | undefined> {
  const [next, ...rest] = further
  const result = next && (await toResult(next, rest, host))
  return result?.kind === 'broken' ? undefined : result
}

async function findTarget(path: string, host: ProgramHost): Promise<FoundProgram | undefined> {
  const file = await inspectFile(path, host)
  return file.kind === 'usable' ? toFound(file, host) : undefined
}

async function toFound(program: Usable, host: ProgramHost): Promise<FoundProgram> {
  const { path } = program
  return { kind: 'found', path, target: path, manager: undefined, ...(await identifyProgram(program, host)) }
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

type ProgramIdentity = Pick<FoundProgram, 'identity' | 'isStable'>

/** Scripts that start scripts are followed this far. */
const mostLevels = 4

/**
 * Who a program is. A file that starts something else is described together with that, as far as it can be known, since
 * it stays the same while the other one is upgraded.
 */
async function identifyProgram(program: Usable, host: ProgramHost): Promise<ProgramIdentity> {
  const inputs = await findInputs(program, mostLevels, host)
  const identity = toNamedIdentity(program, host)
  if (inputs === undefined) return { identity, isStable: false }
  return { identity: [identity, ...new Set(inputs)].join('\n'), isStable: true }
}

/** Who a manager's launcher is that has to be executed itself; undefined when it is not there any more. */
async function identifyLauncher(
  { path }: { readonly path: string },
  leadsTo: string | undefined,
  host: ProgramHost,
): Promise<ProgramIdentity | undefined> {
  const program = await inspectFile(path, host)
  if (program.kind !== 'usable') return undefined
  const identity = toNamedIdentity(program, host)
  return leadsTo === undefined
    ? { identity, isStable: false }
    : { identity: `${identity}\n${leadsTo}`, isStable: true }
}

// One file that is many programs is another one by each of its names.
function toNamedIdentity({ path, realPath, identity }: Usable, host: ProgramHost): string {
  const name = host.path.basename(path)
  return name === host.path.basename(realPath) ? identity : `${identity} ${name}`
}

async function findInputs(
  program: Usable,
  levels: number,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const { path, realPath, size } = program
  const text = size <= largestScript ? await readScript(program, host) : undefined
  if (text === undefined) return (await isOneProgram(path, realPath, host)) ? [] : undefined
  const describeProgram = (started: string) => describeStarted(started, levels - 1, host)
  return findScriptInputs({ path, realPath, text }, describeProgram, host)
}

async function describeStarted(
  path: string,
  levels: number,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  if (levels <= 0) return undefined
  const program = await inspectFile(path, host)
  if (program.kind !== 'usable') return [`${path} ${program.why}`]
  const name = host.path.basename(path)
  if (await resolveShim({ name, path, realPath: program.realPath }, host)) return undefined
  const inputs = await findInputs(program, levels, host)
  return inputs && [toNamedIdentity(program, host), ...inputs]
}

/** Programs that work without starting others. */
const multiCall = /^(?:busybox|toybox|coreutils|k3s|rke2|uutils)(?:[.-].*)?$/

/**
 * Whether a binary is the program that it is called as. One that goes by a name that is not its own, or that lies among
 * shims, may be a launcher that starts another program. Alternatives of Debian and the like are chosen by links alone.
 */
async function isOneProgram(path: string, realPath: string, host: ProgramHost): Promise<boolean> {
  const { basename, dirname } = host.path
  if (/\.(?:cmd|bat|ps1)$/i.test(realPath) || basename(dirname(path)) === 'shims') return false
  const [name, own] = [basename(path), basename(realPath)].map(text => text.replace(/\.exe$/i, ''))
  if (name === undefined || own === undefined || isNamedAfter(name, own) || multiCall.test(own)) return true
  return leadsThroughAlternatives(path, host)
}

// `python3.11` is a `python3`, `jq-linux-amd64` a `jq`, `x86_64-linux-gnu-gcc-12` a `gcc`, `.git-wrapped` a `git`.
function isNamedAfter(name: string, own: string): boolean {
  if (name === own) return true
  const bare = own.replace(/^\./, '')
  const start = bare.startsWith(name) ? 0 : bare.indexOf(`-${name}`) + 1
  if (start === 0 && !bare.startsWith(name)) return false
  const rest = bare.slice(start + name.length)
  return /^(?:[-_.]?v?\d[\w.+-]*|[-_.](?:linux|darwin|macos|windows|x86_64|amd64|i?[36]86|arm|aarch64|musl|gnu|static|real|bin|wrapped|unwrapped)\b.*|)$/i.test(
    rest.replaceAll('_', '-'),
  )
}

async function leadsThroughAlternatives(path: string, host: ProgramHost): Promise<boolean> {
  let place = path
  for (let links = 0; links < 16; links++) {
    const link = await host.fs.readLink(place).catch(() => undefined)
    if (link === undefined) return false
    place = host.path.resolve(host.path.dirname(place), link)
    if (/^\/(?:etc|var\/lib\/dpkg)\/alternatives\//.test(place)) return true
  }
  return false
}
