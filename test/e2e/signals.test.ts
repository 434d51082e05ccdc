import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { createHost } from '../../src/platform/node/create-host.ts'
import { findStartTime } from '../../src/registry/lock/lock-state.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { writeScript } from '../support/processes/script.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { lastingDirectory } from '../support/test-host.ts'

const main = nodePath.resolve('dist/main.cjs')
/** Far more than the second that a command has, for a machine that is busy. */
const patienceMs = 10_000
/** As long as five programs that start at once need to be busy. */
const momentMs = 1500

let directory = ''
const at = (name: string) => nodePath.join(directory, name)

beforeAll(async () => {
  directory = await lastingDirectory()
  await runProgram(['init', 'home'], { directory })
  await runProgram(['init', 'probing'], { directory })
  await runProgram(['init', 'locked'], { directory })
  const slow = { slow: { detection: 'slow --ten-minutes', env_var: 'NEXUS_HAS_SLOW', timeout_ms: 600_000 } }
  await writeFile(at('probing/tool_registry.json'), JSON.stringify(slow))
  await mkdir(at('bin'))
  await writeScript(at('bin/slow'), 'exec sleep 600')
  await runProgram(['trust', 'probing'], { directory })
  const { pid } = process
  const startTime = await findStartTime(pid, createHost({ interrupted: new AbortController().signal }))
  await mkdir(at(`locked/.nexus-registry.lock/held-${pid}-99999999999999-0123456789abcdef-${startTime}`), {
    recursive: true,
  })
  const chain = Array.from({ length: 100_000 }, (_, index) => [
    `tool-${index}`,
    {
      detection: `which tool-${index}`,
      env_var: `NEXUS_HAS_TOOL_${index}`,
      requires: [`tools/tool-${index + 1}`],
    },
  ])
  await mkdir(at('huge'))
  await writeFile(at('huge/tool_registry.json'), JSON.stringify(Object.fromEntries(chain)))
  execFileSync('mkfifo', [at('pipe')])
}, 120_000)

interface Row {
  readonly args: readonly string[]
  /** Text on stdout or stderr after which it is busy; without it, a moment passes. */
  readonly ready?: RegExp
  /** Name of a process that it has started by then. */
  readonly starts?: string
}

const rows: Readonly<Record<string, Row>> = {
  'sync with a hung probe': { args: ['sync', '--home', 'probing'], starts: 'slow' },
  'env with a hung probe': { args: ['env', '--fresh', '--home', 'probing'], starts: 'slow' },
  'sync of a locked home': { args: ['sync', '--quick', '--home', 'locked'] },
  'validate of a huge file': { args: ['validate', 'huge'] },
  'graph of many entries': { args: ['graph', '--cycles', '--home', 'huge'] },
  'list of many entries': { args: ['list', 'tools', '--home', 'huge'] },
  'sync of many entries': { args: ['sync', '--home', 'huge'] },
  'validate of stdin': { args: ['validate', '-', '--as', 'tools'] },
  'a filter that never ends': { args: ['query', '-n', 'def f: f; f', '--home', 'home'] },
  'output that never ends': { args: ['query', '-n', 'repeat("y")', '--home', 'home'] },
  'a filter from a pipe': { args: ['query', '-f', 'pipe', '--home', 'home'] },
  'a configuration that is a pipe': { args: ['list', '--config', 'pipe', '--home', 'home'] },
  serve: { args: ['serve', '--port', '0', '--home', 'home'], ready: /http:/ },
  'sync --watch': { args: ['sync', '--watch', '--home', 'home'], ready: /synced/ },
  'sync --watch with a hung probe': { args: ['sync', '--watch', '--home', 'probing'], starts: 'slow' },
}

async function untilBusy(child: ChildProcess, { ready, starts }: Row): Promise<void> {
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', chunk => {
      if (ready) printed += chunk
    })
  }
  if (!ready && !starts) return delay(momentMs)
  while (child.exitCode === null && child.signalCode === null) {
    if (ready?.test(printed) || (starts && (await isChildOf(child.pid)))) return
    await delay(20)
  }
}

async function isChildOf(pid: number | undefined): Promise<boolean> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return children.trim() !== ''
}

// Each command in turn: those that run at once are different ones.
const cases = (['SIGTERM', 'SIGINT', 'SIGHUP'] as const).flatMap(signal =>
  Object.entries(rows).map(([what, row]) => ({ what, row, signal })),
)

// To a daemon, SIGHUP says that it is to read its configuration anew.
const isEnd = ({ row, signal }: (typeof cases)[number]) =>
  signal !== 'SIGHUP' || !(row.args[0] === 'serve' || row.args.includes('--watch'))

/** Whether nothing says when it is busy: these wait together. Of the others, some would be in each other's way. */
const isQuiet = ({ row }: (typeof cases)[number]) => row.ready === undefined && row.starts === undefined

async function expectEnd({ row, signal }: (typeof cases)[number]): Promise<void> {
  const env = { PATH: `${at('bin')}:${systemPath}`, HOME: directory }
  const child = spawn(process.execPath, [main, ...row.args], { cwd: directory, env, stdio: 'pipe' })
  const ended = once(child, 'exit').then(() => true)
  try {
    await untilBusy(child, row)
    child.kill(signal)
    expect(await Promise.race([ended, delay(patienceMs, false)])).toBe(true)
  } finally {
    child.kill('SIGKILL')
  }
}

describe.skipIf(process.platform !== 'linux')('a signal ends a command', () => {
  const ends = cases.filter(isEnd)
  test.concurrent.each(ends.filter(isQuiet))('$signal ends $what', expectEnd)
  test.each(ends.filter(each => !isQuiet(each)))('$signal ends $what', expectEnd)
})
