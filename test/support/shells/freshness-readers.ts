import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import nodePath from 'node:path'
import { processesIn, until } from '../processes/processes.ts'
import { runInProcess } from '../processes/run-in-process.ts'
import { collect, runProgram } from '../processes/run-program.ts'
import { type AnsweringMachine, markedValue, releaseClaims } from './exporting-machine.ts'
import { findShell } from './shells.ts'

/** Who decides whether a kept answer is good. */
export interface Reader {
  readonly name: string
  /** Whether it sees whole seconds only: it may ask where others see what happened within one. */
  readonly seesSeconds: boolean
  /**
   * `fresh`: it gives the kept answer; `stale`: that, and one refresh is started; `other`: it looks, or asks this
   * program. Whatever else happens is told. Only the program itself changes what is kept.
   */
  read(machine: AnsweringMachine): Promise<string>
}

const launcher = nodePath.resolve('bin/nexus-registry')

const shells = [
  { name: 'launcher in dash', shell: 'dash', args: [launcher, 'env'] },
  { name: 'launcher in bash', shell: 'bash', args: [launcher, 'env'] },
  { name: 'launcher in busybox', shell: 'busybox', args: ['ash', launcher, 'env'], seesSeconds: true },
  { name: 'zsh', shell: 'zsh', args: ['-f', '-c', sourceHook('zsh')] },
  { name: 'bash', shell: 'bash', args: ['-c', sourceHook('bash')] },
] as const

// What a hook asks the launcher is noted: that one would give the same answer.
function sourceHook(shell: 'zsh' | 'bash'): string {
  return `_nexus_registry_program=nexus-registry
. '${nodePath.resolve(`shell/hook.${shell}`)}'
printf "NEXUS_HAS_DOCKER='%s'" "\${NEXUS_HAS_DOCKER-}"`
}

/** Readers whose shell this machine lacks. */
export const missingReaders = shells
  .filter(({ shell }) => findShell(shell) === undefined)
  .map(({ name }) => name)

const shellReaders: readonly Reader[] = shells.flatMap(({ name, shell, args, ...more }) => {
  const path = findShell(shell)
  if (path === undefined) return []
  const read = (machine: AnsweringMachine) => readInShell([path, ...args], machine)
  return [{ name, seesSeconds: 'seesSeconds' in more, read }]
})

const programReader: Reader = { name: 'the program', seesSeconds: false, read: readInProcess }

/** The program as users start it. */
const builtProgram: Reader = { name: 'the built program', seesSeconds: false, read: readInProgram }

/** The launcher, in every shell that this machine has. */
export const launchers: readonly Reader[] = shellReaders.filter(({ name }) => name.startsWith('launcher'))

/** All that this machine has, the one that changes what is kept last. */
export const readers: readonly Reader[] = [...shellReaders, programReader]

/** The same with a real process of the program. */
export const realReaders: readonly Reader[] = [...shellReaders, builtProgram]

/** What each of them says, by name. No refresh that one has started holds up that of the next. */
export async function readAll(
  machine: AnsweringMachine,
  chosen: readonly Reader[] = readers,
): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {}
  for (const { name, read } of chosen) {
    outcomes[name] = await read(machine)
    await releaseClaims(machine)
  }
  return outcomes
}

async function readInShell([shell, ...args]: readonly [string, ...string[]], machine: AnsweringMachine) {
  const record = machine.at('record')
  await rm(record, { force: true })
  const { stdout, stderr } = await runToTheEnd([shell, ...args], machine, record)
  const asked = await readFile(record, 'utf8').catch(() => '')
  const isKept = stdout.includes(`NEXUS_HAS_DOCKER='${markedValue}'`)
  if (stderr === '' && isKept && asked === '') return 'fresh'
  if (stderr === '' && isKept && /^(?:refresh|hook)\n$/.test(asked)) return 'stale'
  if (stderr === '' && !isKept && /^(?:env|hook)\n$/.test(asked)) return 'other'
  return JSON.stringify({ isKept, asked, stderr })
}

/** Waits for what it leaves in the background too: every descendant holds the fourth pipe. */
async function runToTheEnd(
  [shell, ...args]: readonly [string, ...string[]],
  machine: AnsweringMachine,
  record: string,
) {
  const child = spawn(shell, args, {
    env: { ...machine.env, RECORD: record },
    cwd: machine.cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  child.stdio[3]?.on('data', () => undefined)
  return collect(child)
}

async function readInProcess(machine: AnsweringMachine): Promise<string> {
  const { cwd, env } = machine
  const started: string[] = []
  const respawnDetached = async (args: readonly string[]) => {
    started.push(args.join(' '))
  }
  const run = await runInProcess(['env'], {
    directory: machine.at(),
    cwd,
    env,
    overrides: { respawnDetached },
  })
  if (run.code !== 0 || started.some(args => args !== 'refresh')) return JSON.stringify({ ...run, started })
  if (!run.stdout.includes(`NEXUS_HAS_DOCKER='${markedValue}'`)) return 'other'
  return started.length > 0 ? 'stale' : 'fresh'
}

async function readInProgram(machine: AnsweringMachine): Promise<string> {
  const { cwd, env } = machine
  const { code, stdout } = await runProgram(['env'], { directory: machine.at(), cwd, env })
  if (code !== 0) return `exit ${code}`
  if (!stdout.includes(`NEXUS_HAS_DOCKER='${markedValue}'`)) return 'other'
  const claims = (await machine.answers()).map(answer => nodePath.join(answer, 'refreshing'))
  const isStale = claims.some(existsSync) || !(await machine.values()).includes(markedValue)
  // Not to be left at work in a directory that is being removed.
  await until(() => processesIn(machine.at()).length === 0)
  return isStale ? 'stale' : 'fresh'
}
