import { firstLine } from '../lib/text/text.ts'
import { parseVersion } from '../lib/version/parse-version.ts'
import type { ProcessResult } from '../platform/host.ts'
import type { FoundProgram, ProbeContext } from './probe.ts'

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
