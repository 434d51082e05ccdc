import type { Argv } from '../lib/shell/command-line.ts'
import { compilePattern } from '../lib/text/pattern.ts'
import { firstLine, toCleanLines, toCleanText } from '../lib/text/text.ts'
import { type ParsedVersion, parseVersion, toVersion } from '../lib/version/parse-version.ts'
import type { ProcessResult } from '../platform/host.ts'
import { runIsolated } from './command-runner.ts'
import type { FoundProgram, ProbeContext, ProbeTarget } from './probe.ts'
import { isExactly, isNullable, isObjectOf, isOptional, isText } from './probe-cache.ts'

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

/** Placeholders are short: that of Docker Desktop has 500 bytes, that of Ubuntu's chromium-browser 1400. */
const largestStub = 4096

/** Commands of a script that is no program: it prints, checks files, and exits. */
const talk = new Set(
  (
    'echo printf cat exit return true false : test [ [[ ]] if then elif else fi case esac for while until do done in { } ! ' +
    'read shift set unset export local sleep basename dirname uname command type hash id tput'
  ).split(' '),
)

/**
 * The message of a placeholder for a program, its first line; undefined without proof that it is one. A placeholder is a
 * small script that fails, prints no version and starts nothing, or prints that the program is not installed. A launcher
 * whose program fails is no placeholder.
 */
export async function readStub(
  result: ProcessResult,
  program: FoundProgram,
  { host }: Pick<ProbeContext, 'host'>,
): Promise<string | undefined> {
  if (result.outcome !== 'exited' || result.exitCode === 0) return undefined
  const message = firstLine(result.stdout) ?? firstLine(result.stderr)
  if (message === undefined) return undefined
  const script = await host.fs.readText(program.target, largestStub).catch(() => undefined)
  if (script === undefined || !script.startsWith('#!')) return undefined
  const output = `${result.stdout}\n${result.stderr}`
  const isStub =
    reportsNotInstalled(output, host.path.basename(program.path)) ||
    (startsNothing(script) && !isUsage(output) && parseVersion(output).version === null)
  return isStub ? message : undefined
}

// Docker Desktop in WSL, command-not-found of Debian and Ubuntu, transitional packages for snaps, the Store's Python.
function reportsNotInstalled(output: string, program: string): boolean {
  const bare = program.replace(/\.exe$/i, '').replace(/(?<=[a-z])[\d.]+$/i, '')
  const names = [program, bare].map(name => name.replace(/[^\w]/g, '\\$&')).join('|')
  const name = `['"\`‘“]?(?:/[\\w./-]*/)?(?:${names})['"\`’”]?`
  const patterns = [
    `^(?:the )?(?:command |program |package )?${name} (?:command |program )?(?:is |was |has |could )?(?:not |n't )(?:yet )?(?:be |been )?(?:found|installed)\\b`,
    `^${name}: (?:command )?not found\\s*$`,
    `^(?:the )?(?:command |program )?${name} requires the \\S+ (?:snap|package|flatpak|app) to be installed`,
  ]
  return output
    .split(/\r?\n/)
    .some(line => patterns.some(pattern => new RegExp(pattern, 'i').test(line.trim())))
}

// A program without a version command complains about how it was called.
function isUsage(output: string): boolean {
  return /\busage\b|\b(?:unknown|invalid|illegal|unrecogni[sz]ed|bad) (?:option|argument|command|flag)|--help\b/i.test(
    output,
  )
}

/** Whether nothing in a shell script could start another program. */
function startsNothing(script: string): boolean {
  const [interpreter = '', ...lines] = script.split(/\r?\n/)
  if (!/^#!\s*\S*?(?:env\s+)?(?:\w+\/)*(?:ba|da|z|k)?sh\b/.test(interpreter)) return false
  const plain = withoutTexts(lines.join('\n'))
  const inner = [...lines.join('\n').matchAll(/\$\(([^()]*)\)|`([^`]*)`/g)].map(([, a, b]) => a ?? b ?? '')
  const own = [...plain.matchAll(/(\w+) *\(\)/g)].map(([, name]) => name ?? '')
  const commands = [plain.replace(/\w+ *\(\)/g, ''), ...inner.map(withoutTexts)].flatMap(toCommands)
  return commands.every(command => talk.has(command) || own.includes(command))
}

// What is quoted, commented on or printed from a here-document is replaced by a word.
function withoutTexts(script: string): string {
  return script
    .replace(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n(?:[^\n]*\n)*?[ \t]*\2(?=\n|$)/g, ' $3')
    .replace(/\\\n/g, ' ')
    .replace(/\$\([^()]*\)|`[^`]*`/g, 'X')
    .replace(/\\./g, 'X')
    .replace(/'[^']*'|"[^"]*"/g, 'X')
    .replace(/(^|\s)#[^\n]*/g, '$1')
    .replace(/\d*[<>]&[\d-]+/g, ' ')
    .replace(/(?:&>|\d*>{1,2}\|?|<)\s*\S+/g, ' ')
    .replace(/(;;|\bin\b)\s*\(?[^();\n]*\)/g, '$1 ')
}

// The first word of each command.
function toCommands(plain: string): string[] {
  return plain.split(/[\n;|&()]+/).flatMap(part => {
    const words = part.trim().split(/\s+/).filter(Boolean)
    const command = words.find(word => !leading.test(word))
    return command ?? []
  })
}

/** What stands before a command: keywords and variables that are set. */
const leading = /^(?:if|then|elif|else|while|until|do|!|\{|[A-Za-z_]\w*\+?=.*)$/
