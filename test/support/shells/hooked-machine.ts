import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import { giveCompiledCode } from '../processes/compiled-code.ts'
import { processesIn, until } from '../processes/processes.ts'
import { runInProcess } from '../processes/run-in-process.ts'
import { collect, type ProgramRun } from '../processes/run-program.ts'
import { writeScript } from '../processes/script.ts'
import { openTerminal, prompt, type Terminal } from '../terminal/terminal.ts'
import { temporaryDirectory } from '../test-host.ts'
import { ageAnswers } from './age-exports.ts'
import { findShell } from './shells.ts'

const launcher = nodePath.resolve('bin/nexus-registry')

/** Programs that the integration might start. On this machine each leaves a line before it does its work. */
const canaries = [
  'readlink',
  'find',
  'cat',
  'rm',
  'date',
  'tr',
  'env',
  'stat',
  'mkdir',
  'touch',
  'grep',
  'sed',
]

const startUps = {
  zsh: { file: '.zshrc', words: '-d -i', lines: `unsetopt prompt_sp; PROMPT='${prompt}'` },
  bash: { file: '.bashrc', words: '-i', lines: `PS1='${prompt}'; unset HISTFILE` },
  fish: {
    file: '.config/fish/config.fish',
    words: '-i',
    lines: `function fish_greeting; end; function fish_prompt; printf %s '${prompt}'; end`,
  },
} as const

export type HookedShell = keyof typeof startUps
export const hookedShells = ['zsh', 'bash', 'fish'] as const

export interface StartUp {
  /** Line of the start-up file before the integration. */
  readonly before?: string
  /** Line after it. */
  readonly after?: string
  /** The line that brings it in. */
  readonly hook?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Words after the shell's name. */
  readonly words?: string
  /** What starts the shell. */
  readonly through?: string
}

export interface HookedMachine {
  readonly directory: string
  readonly cache: string
  readonly env: Readonly<Record<string, string>>
  readonly at: (...names: string[]) => string
  /** Puts a tool on PATH. */
  readonly install: (name: string, directory?: string) => Promise<void>
  /** Runs the built program. */
  readonly program: (...args: string[]) => Promise<ProgramRun>
  /** Opens a terminal, whose shell has the integration in its start-up file. */
  readonly open: (shell: HookedShell, startUp?: StartUp) => Promise<Terminal>
  /** Gives a shell this script, without a terminal. */
  readonly script: (argv: readonly string[], env?: Record<string, string | undefined>) => Promise<ProgramRun>
  /** Lets an answer be kept, with this value for docker: whoever has it was given that very answer. */
  readonly keep: (value?: string, more?: Readonly<Record<string, string>>) => Promise<void>
  /** Text of a file of the home. */
  readonly readHome: (file: string) => Promise<string>
  /** Directories of the answers that are kept. */
  readonly answers: () => Promise<string[]>
  readonly age: (ms: number) => Promise<void>
  /** What was started since it was asked last: `node env --shell zsh`. */
  readonly started: () => Promise<string[]>
  /** Whether a refresh is going on, or has left its file. */
  readonly isRefreshing: () => Promise<boolean>
  /** How many refreshes were started. */
  readonly refreshes: () => Promise<number>
  /** Lets every refresh find that the home is gone. */
  readonly failRefresh: () => Promise<void>
  /** Waits until nothing that was started here runs any more, but for the terminals. */
  readonly isAtRest: () => Promise<void>
}

/** A user with docker on PATH and the integration, where whatever is started can be told afterwards. */
export async function createHookedMachine(): Promise<HookedMachine> {
  const directory = await temporaryDirectory()
  const at = (...names: string[]) => nodePath.join(directory, ...names)
  const cache = at('.cache', 'nexus-registry')
  const log = at('started')
  const env = { HOME: directory, PATH: at('bin'), REAL_NODE: process.execPath, LC_ALL: 'C.UTF-8' }
  const note = `printf '%s\\n' "\${0##*/} $*" >>'${log}'`
  // Whatever is still being written would be in the way of removing all this. What never ends fails the test.
  onTestFinished(() => until(() => processesIn(directory).length === 0))
  giveCompiledCode(env, ['env'])
  await writeFile(log, '')
  await writeScript(at('bin', 'node'), `${note}\nexec "$REAL_NODE" "$@"`)
  await writeScript(at('bin', 'nexus-registry'), `${note}\nexec '${launcher}' "$@"`)
  for (const name of canaries)
    await writeScript(at('bin', name), `${note}\nPATH=/usr/bin:/bin exec ${name} "$@"`)
  // What fish would make, and read all manual pages for.
  const theirs = ['.config/fish/completions', '.config/fish/conf.d', '.config/fish/functions']
  for (const name of [...theirs, '.local/share/fish/generated_completions'])
    await mkdir(at(name), { recursive: true })
  const install = async (name: string, place = at('bin')) => {
    await writeScript(nodePath.join(place, name), 'echo "Docker version 28.2.2, build e6534b4"')
  }
  await install('docker')
  const answers = async () => {
    const names = await readdir(nodePath.join(cache, 'answers'))
    return names.map(name => nodePath.join(cache, 'answers', name))
  }
  return {
    directory,
    cache,
    env,
    at,
    install,
    program: (...args) => runInProcess(args, { directory, env }),
    open: async (shell, startUp = {}) => {
      const { file, words, lines } = startUps[shell]
      const { before = '', after = '', through = 'exec', hook = `source '${hookFile(shell)}'` } = startUp
      await mkdir(nodePath.dirname(at(file)), { recursive: true })
      await writeFile(at(file), `${before}\n${hook}\n${after}\n${lines}\n`)
      const command = `${through} ${findShell(shell) ?? shell} ${startUp.words ?? words}`
      return openTerminal(command, { directory, env: { ...env, ...startUp.env } })
    },
    script: ([shell = '', ...args], more = {}) =>
      collect(
        spawn(findShell(shell) ?? shell, args, {
          cwd: directory,
          env: { ...env, ...more },
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      ),
    keep: async (value = 'kept', more = {}) => {
      await runInProcess(['env'], { directory, env: { ...env, ...more } })
      for (const answer of await answers()) {
        await edit(
          nodePath.join(answer, 'answer.json'),
          /("NEXUS_HAS_DOCKER",\s*"value": )"[^"]*"/,
          `$1"${value}"`,
        )
        for (const name of ['answer.sh', 'answer.zsh'])
          await edit(nodePath.join(answer, name), /(NEXUS_HAS_DOCKER[= ]\$?(?:'\\'')?)\w+/g, `$1${value}`)
      }
    },
    readHome: file => readFile(at('.local/share/nexus-registry', file), 'utf8'),
    answers,
    age: ms => ageAnswers(cache, ms),
    started: async () => {
      const text = await readFile(log, 'utf8')
      await writeFile(log, '')
      return text
        .split('\n')
        .filter(line => line !== '')
        .map(line => line.replace(/ \S*main\.cjs/, ''))
    },
    isRefreshing: async () =>
      (await answers()).some(answer => existsSync(nodePath.join(answer, 'refreshing'))),
    refreshes: async () =>
      (await readFile(log, 'utf8')).split('\n').filter(line => line.endsWith(' refresh')).length,
    failRefresh: async () => {
      const elsewhere = `NEXUS_REGISTRY_HOME='${at('nowhere')}'`
      await writeScript(
        at('bin', 'node'),
        `${note}\n[ "$2" = refresh ] && export ${elsewhere}\nexec "$REAL_NODE" "$@"`,
      )
    },
    isAtRest: () =>
      until(() =>
        processesIn(directory).every(({ command }) => command.includes(' -i') || command.includes('zpty')),
      ),
  }
}

/** The file that a start-up file sources. */
export function hookFile(shell: HookedShell): string {
  return nodePath.resolve('shell', `hook.${shell}`)
}

async function edit(path: string, from: RegExp, to: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  if (!from.test(text)) throw new Error(`${path} has no ${from}`)
  from.lastIndex = 0
  await writeFile(path, text.replace(from, to))
}
