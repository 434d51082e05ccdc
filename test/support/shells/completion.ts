import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { Command, Option } from 'commander'
import { findWords, toCompletedProgram } from '../../../src/cli/complete-words.ts'
import { createProgram } from '../../../src/cli/run.ts'
import type { CompletedProgram } from '../../../src/completion/completion.ts'
import { completionScripts } from '../../../src/completion/index.ts'
import { writeScript } from '../processes/script.ts'
import { temporaryDirectory } from '../test-host.ts'
import { findShell } from './shells.ts'

const run = promisify(execFile)
const stdout = { write: () => undefined, isTerminal: false, columns: undefined }

/** The real program. */
export const realProgram: CompletedProgram = toCompletedProgram(
  createProgram({ stdout }, () => () => () => Promise.resolve()),
  findWords,
)

/** A program with what the real one does not have yet: any ref, jq paths, and an option that is not to be seen. */
export const smallProgram: CompletedProgram = toCompletedProgram(createSmallProgram(), findWords)

function createSmallProgram(): Command {
  const program = new Command('nexus-registry').option('--home <dir>', 'registry home to use')
  program
    .command('explain')
    .argument('<ref>')
    .option('--registry <registry>', 'which one')
    .option('-d, --deep', 'all')
    .addOption(new Option('--as <form>', 'how').choices(['tree', 'text']))
    .addOption(new Option('--hidden <x>', 'not shown').hideHelp())
  program
    .command('query')
    .alias('q')
    .argument('<registry>')
    .argument('<filter>')
    .option('--no-raw', 'as JSON')
  program.command('secret', { hidden: true })
  return program
}

/** The script of a shell for a program. */
export function renderScript(shell: string, program: CompletedProgram = realProgram): string {
  const script = completionScripts.find(candidate => candidate.shell === shell)
  if (!script) throw new Error(`no completion for ${shell}`)
  return script.render(program, readFileSync(nodePath.join('shell', `completion.${script.shell}`), 'utf8'))
}

/** A user whose `nexus-registry` notes each call, and answers to `words` as the built one. */
export interface CompletingUser {
  readonly directory: string
  readonly home: string
  readonly env: Record<string, string>
  /** File that shells take words from. */
  readonly cache: string
  /** Writes that file, of lines `kind word description`. */
  keep(lines: readonly (readonly string[])[]): Promise<void>
  /** Calls so far, `[has][docker]`. */
  calls(): string[]
}

/** Lays a user out. */
export async function createCompletingUser(): Promise<CompletingUser> {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, '.local/share/nexus-registry')
  const cache = nodePath.join(directory, '.cache/nexus-registry/words', home.replaceAll('/', '%'))
  const log = nodePath.join(directory, 'calls')
  const main = nodePath.resolve('dist/main.cjs')
  await writeScript(
    nodePath.join(directory, 'bin/nexus-registry'),
    `printf '[%s]' "$@" >>'${log}'; echo >>'${log}'
case "$*" in *words) exec '${process.execPath}' '${main}' "$@" ;; esac`,
  )
  await mkdir(nodePath.dirname(cache), { recursive: true, mode: 0o700 })
  return {
    directory,
    home,
    cache,
    env: {
      PATH: `${nodePath.join(directory, 'bin')}:/usr/bin:/bin`,
      HOME: directory,
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm',
    },
    keep: lines => writeFile(cache, lines.map(line => `${line.join('\t')}\n`).join(''), { mode: 0o600 }),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
  }
}

/** Replies of bash: what readline puts in place of the last piece of the line. */
export async function completeInBash(line: string, script: string, user: CompletingUser): Promise<string[]> {
  const words = splitAsBash(line)
  const driver = `set -u
eval "$SCRIPT"
COMP_LINE=$LINE COMP_POINT=\${#LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_nexus_registry
printf '%s\\n' "\${COMPREPLY[@]+"\${COMPREPLY[@]}"}"`
  const args = ['--norc', '-c', driver, 'bash', ...words]
  return lines(await runShell('bash', args, { SCRIPT: script, LINE: line }, user))
}

/** Lines of `complete -C`: word, tab, description. */
export async function completeInFish(line: string, script: string, user: CompletingUser): Promise<string[]> {
  const driver = 'echo $SCRIPT | source; complete -C $LINE'
  return lines(await runShell('fish', ['--no-config', '-c', driver], { SCRIPT: script, LINE: line }, user))
}

/** Starts a shell of the user's with the text of a script; what it says on stderr fails the test. */
async function runShell(
  name: string,
  args: readonly string[],
  env: Record<string, string>,
  user: CompletingUser,
): Promise<string> {
  const shell = findShell(name) ?? name
  const result = await run(shell, [...args], { cwd: user.directory, env: { ...user.env, ...env } })
  if (result.stderr !== '') throw new Error(result.stderr)
  return result.stdout
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '')
}

// As bash fills COMP_WORDS: at blanks outside of quotes, and at runs of its COMP_WORDBREAKS.
function splitAsBash(line: string): string[] {
  const words = line.match(/(?:\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|[^\s'"\\=:@])+|[=:@]+/g) ?? []
  return /(?:^|[^\\])\s$/.test(line) ? [...words, ''] : words
}
