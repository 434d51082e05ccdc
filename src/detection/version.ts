import type { Argv } from '../lib/shell/command-line.ts'
import { compilePattern } from '../lib/text/pattern.ts'
import { toCleanLines, toCleanText } from '../lib/text/text.ts'
import { type ParsedVersion, parseVersion, toVersion } from '../lib/version/parse-version.ts'
import type { ProcessResult } from '../platform/host.ts'
import { runIsolated } from './command-runner.ts'
import type { FoundProgram, ProbeContext, ProbeTarget } from './probe.ts'
import { isExactly, isNullable, isObjectOf, isOptional, isText } from './probe-cache.ts'
import { readStub } from './stub.ts'

/** A version, the text that contains it, and the reason when there is none. */
interface VersionReading extends ParsedVersion {
  readonly reason: string | null
  /** Whether the program is a placeholder: the reason is its message. */
  readonly isStub?: true | undefined
}

/**
 * Reads the version of a program that is present, by its `version_check`. The version of an unchanged
 * program is cached by its identity, the command and the pattern. A launcher that may start another version next time is
 * run each time. A target without a `version_check` has no version and no reason.
 */
export async function readVersion(
  target: ProbeTarget,
  program: FoundProgram,
  context: ProbeContext,
): Promise<VersionReading> {
  if (target.versionCheck === undefined) return { version: null, raw: null, reason: null }
  const versionProgram = await findVersionProgram(target.versionCheck[0], program, context)
  if (versionProgram === undefined) {
    return unknown(`its version command ${target.versionCheck[0]} was not found on PATH`)
  }
  if (versionProgram.version !== undefined)
    return { version: versionProgram.version, raw: null, reason: null }
  const key = toKey(versionProgram, target)
  const stored = versionProgram.isStable ? context.cache.get(key) : undefined
  // The program behind a placeholder may be installed now, so only a quick sync uses the cache.
  if (isReading(stored) && (!stored.isStub || context.mode === 'quick')) return stored
  if (context.mode === 'quick') return unknown('its version is not queried in a quick sync')
  if (!target.isTrusted) {
    const foreign = 'its version command came over the network, and none of those is run'
    return unknown(target.isFromUpstream ? foreign : 'not trusted to run its version command')
  }
  return runVersionCheck({ key, versionProgram, program }, target, context)
}

async function runVersionCheck(
  { key, versionProgram, program }: { key: string; versionProgram: FoundProgram; program: FoundProgram },
  target: ProbeTarget,
  context: ProbeContext,
): Promise<VersionReading> {
  const argv: Argv = [versionProgram.target, ...(target.versionCheck ?? []).slice(1)]
  const isResult = async (result: ProcessResult) =>
    result.exitCode === 0 || (await toVersionReading(result, target)).version !== null
  const result = await runIsolated(argv, { timeoutMs: target.timeoutMs, isResult }, context)
  const own = await toVersionReading(result, target)
  const mayBeStub = own.version === null && versionProgram === program
  const message = mayBeStub ? await readStub(result, program, context) : undefined
  const reading = message === undefined ? own : { ...unknown(message), isStub: true as const }
  // A program that did not exit may do so next time.
  const isKept =
    result.outcome === 'exited' && (result.exitCode === 0 || reading.version !== null || reading.isStub)
  if (isKept && versionProgram.isStable) context.cache.set(key, reading)
  return reading
}

async function findVersionProgram(
  name: string,
  program: FoundProgram,
  context: ProbeContext,
): Promise<FoundProgram | undefined> {
  if (name === context.host.path.basename(program.path)) return program
  const { result } = await context.programs.find(name)
  return result?.kind === 'found' ? result : undefined
}

function toKey(program: FoundProgram, target: ProbeTarget): string {
  return JSON.stringify(['version', program.identity, target.versionCheck?.slice(1), target.versionPattern])
}

async function toVersionReading(result: ProcessResult, target: ProbeTarget): Promise<VersionReading> {
  const failure = describeFailure(result, target)
  const parsed = await parseOutput(result, target)
  if ('message' in parsed) return unknown(`its version_pattern is not usable: ${parsed.message}`)
  if (parsed.version !== null) return { ...parsed, reason: null }
  return { ...parsed, reason: failure ?? 'no version was found in what its version command printed' }
}

function describeFailure(result: ProcessResult, target: ProbeTarget): string | undefined {
  if (result.outcome === 'timed-out') {
    return `its version could not be read within ${Math.round(target.timeoutMs / 100) / 10} s`
  }
  if (result.outcome === 'aborted') return 'it was interrupted before its version was read'
  if (result.outcome === 'signaled') return withWords(`its version command died of ${result.signal}`, result)
  if (result.outcome === 'not-started') return `its version command could not be started (${result.error})`
  if (result.exitCode === 0) return undefined
  return withWords(`its version command ended with exit code ${result.exitCode}`, result)
}

/** Most characters of a complaint that are taken over whole. */
const longestComplaint = 160

// The last line of a traceback and the first line of a list of options name the error.
function withWords(end: string, { stdout, stderr }: ProcessResult): string {
  const complaints = toCleanLines(stderr)
  const lines = complaints.length > 0 ? complaints : toCleanLines(stdout)
  const whole = lines.join(' ')
  const [first = '', last = ''] = [lines[0], lines.at(-1)]
  const message = whole.length <= longestComplaint || lines.length === 1 ? whole : `${first} … ${last}`
  return message === '' ? end : toCleanText(`${end}: ${message}`)
}

async function parseOutput(
  result: ProcessResult,
  { id, versionCheck, versionPattern: source }: ProbeTarget,
): Promise<ParsedVersion | { message: string }> {
  // stderr of a failing command is about the failure.
  const hasFailed = result.outcome === 'exited' && result.exitCode !== 0
  const texts = hasFailed ? [result.stdout] : [result.stdout, result.stderr]
  const compiled = source === undefined ? undefined : await compilePattern(source)
  if (compiled && !compiled.ok) return { message: toCleanText(compiled.message) }
  const names = [versionCheck?.[0], id].flatMap(name => (name === undefined ? [] : toNames(name)))
  const parse = (text: string): ParsedVersion =>
    compiled ? toParsed(compiled.pattern.find(text), text) : parseVersion(text, names)
  const parsed = texts.map(parse)
  return (
    parsed.find(({ version }) => version !== null) ??
    parsed.find(({ raw }) => raw !== null) ?? { version: null, raw: null }
  )
}

/** A program's name as it may stand in what it prints: `python3.12` calls itself Python. */
function toNames(program: string): string[] {
  const name = program.split(/[/\\]/).at(-1) ?? ''
  return [name, name.replace(/[-._]?\d[\d.]*$/, '')].filter(text => /^\w/.test(text))
}

function toParsed(match: string | undefined, text: string): ParsedVersion {
  const line = text.split('\n').find(candidate => match !== undefined && candidate.includes(match))
  const raw = line === undefined ? parseVersion(text).raw : toCleanText(line)
  return { version: match === undefined ? null : toVersion(match), raw }
}

function unknown(reason: string): VersionReading {
  return { version: null, raw: null, reason }
}

const isReading = isObjectOf({
  version: isNullable(isText),
  raw: isNullable(isText),
  reason: isNullable(isText),
  isStub: isOptional(isExactly(true)),
})
