import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { giveCompiledCode, shareCompiledCode } from '../processes/compiled-code.ts'
import { runInProcess } from '../processes/run-in-process.ts'
import { writeScript } from '../processes/script.ts'
import { temporaryDirectory } from '../test-host.ts'
import { findShell } from './shells.ts'

/** Seconds since 1970: long ago for everyone, also for those who see whole seconds only. */
export const longAgo = 1_700_000_000.5

/** A user with a registry home, and a `PATH` with links, with missing directories, and with nothing of this machine. */
export interface AnsweringMachine {
  readonly env: Record<string, string | undefined>
  cwd: string
  readonly home: string
  readonly cache: string
  at(...parts: string[]): string
  /** Runs the launcher with the real Node; gives what it prints. */
  run(...args: string[]): Promise<string>
  /** Lets this program keep an answer to what is asked now, and marks it. */
  keep(): Promise<void>
  /** Gives every answer that is kept a value that no look finds: whoever tells it gives a kept one. */
  mark(): Promise<void>
  /** Directories of the answers that are kept. */
  answers(): Promise<string[]>
  /** Values of `NEXUS_HAS_DOCKER` in the answers that are kept. */
  values(): Promise<string[]>
}

/** What a marked answer says about Docker. */
export const markedValue = 'kept'

/** Lays the machine out; nothing is kept yet. */
export async function createAnsweringMachine(): Promise<AnsweringMachine> {
  const directory = await temporaryDirectory()
  const at = (...parts: string[]) => nodePath.join(directory, ...parts)
  const home = at('.local/share/nexus-registry')
  await layOut(at)
  await cp('registries', home, { recursive: true })
  giveCompiledCode({ HOME: directory }, ['env'])
  await makeOld(directory)
  const path = ['bin', 'sbin', 'profile', 'missing'].map(name => at(name)).join(':')
  const cache = at('.cache/nexus-registry')
  const machine: AnsweringMachine = {
    env: { PATH: path, HOME: directory, XDG_CACHE_HOME: at('.cache') },
    cwd: directory,
    home,
    cache,
    at,
    run: async (...args) => {
      const env = { ...machine.env, REAL_NODE: process.execPath }
      const launcher = nodePath.resolve('bin/nexus-registry')
      const { stdout } = await promisify(execFile)(launcher, args, { env, cwd: machine.cwd })
      shareCompiledCode(env, args)
      return stdout
    },
    keep: async () => {
      await runInProcess(['env'], { directory, cwd: machine.cwd, env: machine.env })
      await machine.mark()
    },
    mark: async () => {
      for (const answer of await machine.answers()) await markAnswer(answer)
    },
    answers: async () =>
      (await readdir(nodePath.join(cache, 'answers')).catch(() => [])).map(name =>
        nodePath.join(cache, 'answers', name),
      ),
    values: async () => {
      const texts = (await machine.answers()).map(answer =>
        readFile(nodePath.join(answer, 'answer.json'), 'utf8'),
      )
      return (await Promise.all(texts)).map(text => valueIn.exec(text)?.[2] ?? '')
    },
  }
  return machine
}

async function layOut(at: AnsweringMachine['at']): Promise<void> {
  await writeScript(at('bin/docker'), 'echo "Docker version 28.2.2, build e6534b4"')
  // The Node that launchers find: the real one where the test says so, else a note of what it was asked.
  await writeScript(
    at('bin/node'),
    '[ -z "${REAL_NODE-}" ] || exec "$REAL_NODE" "$@"\nshift\necho "$*" >>"$RECORD"\nexit 100',
  )
  await writeScript(at('bin/nexus-registry'), 'echo hook >>"$RECORD"')
  for (const name of ['find', 'rm']) await symlink(findShell(name) ?? '', at('bin', name))
  for (const name of ['sbin', 'other', 'store/one', 'store/two'])
    await writeScript(at(name, 'tool'), 'exit 0')
  await symlink(at('store/one'), at('profile'))
  await mkdir(at('.config/nexus-registry'), { recursive: true })
  await mkdir(at('.kube'))
}

/** Gives everything below a directory, and itself, the same old time. */
export async function makeOld(directory: string, seconds = longAgo): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter(entry => !entry.isSymbolicLink())
    .map(entry => nodePath.join(entry.parentPath, entry.name))
  for (const path of [...paths, directory]) await utimes(path, seconds, seconds)
}

const valueIn = /("NEXUS_HAS_DOCKER",\s*"value": )"([^"]*)"/

async function markAnswer(answer: string): Promise<void> {
  await editFile(nodePath.join(answer, 'answer.json'), text => text.replace(valueIn, `$1"${markedValue}"`))
  // sh; bash; fish; zsh.
  for (const name of ['answer.sh', 'answer.zsh'])
    await editFile(nodePath.join(answer, name), text =>
      text.replace(/(NEXUS_HAS_DOCKER(?: |=\$?'\\''|=))[01]/g, `$1${markedValue}`),
    )
}

/** Changes a file in place. One that is not there stays away. */
export async function editFile(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text !== undefined) await writeFile(file, change(text))
}

/** Lets go of the refresh that somebody has started for an answer. */
export async function releaseClaims(machine: AnsweringMachine): Promise<void> {
  for (const answer of await machine.answers()) await rm(nodePath.join(answer, 'refreshing'), { force: true })
}
