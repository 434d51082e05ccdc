import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { registryFiles } from '../../src/registry/schema/names.ts'
import type { Benchmark } from '../benchmark.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

/** Polls before the measurement, and in it. */
const [settling, measured] = [5, 10]
/** Of the shipped hyper registry, in seconds. It is polled more often here, and one poll costs the same. */
const interval = 60

/** What the daemon costs while nothing changes. */
export const watch: Benchmark = {
  name: 'watch',
  what: 'The daemon (`sync --watch`) in steady state',
  runs: 4,
  warmUps: 0,
  prepare: async sandbox => {
    if (process.platform !== 'linux')
      return {
        contenders: [],
        skipped: ['What a process uses is read from /proc, which only Linux has: skipped'],
      }
    await pollEverySecond(sandbox)
    return {
      contenders: [
        {
          quantities: [
            {
              label: 'CPU time of a poll, with all that it starts',
              unit: 'ms',
              comparisons: [atMost(interval * 5)],
            },
            { label: 'Memory', unit: 'MB', comparisons: [atMost(90)] },
          ],
          run: () => measureDaemon(sandbox),
        },
      ],
    }
  },
}

function atMost(value: number) {
  return { kind: 'absolute', atMost: value } as const
}

async function pollEverySecond({ home }: Sandbox): Promise<void> {
  const file = path.join(home, registryFiles.hyper)
  const hyper = JSON.parse(await readFile(file, 'utf8'))
  hyper.sync_protocol.interval_seconds = 1
  await writeFile(file, JSON.stringify(hyper, null, 2))
}

async function measureDaemon({
  directory,
  env,
}: Sandbox): Promise<readonly [cpuMs: number, megabytes: number]> {
  const argv = [launcher, 'sync', '--watch', '--log-format', 'json'] as const
  const daemon = spawn(argv[0], argv.slice(1), { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    const polls = readPolls(daemon)
    await skip(settling, polls)
    const before = await readUse(daemon)
    await skip(measured, polls)
    const after = await readUse(daemon)
    return [(after.cpuMs - before.cpuMs) / measured, after.megabytes]
  } finally {
    const ended = once(daemon, 'exit')
    daemon.kill()
    await ended
  }
}

/** A value for each poll that the daemon tells of. */
async function* readPolls({ stderr }: ChildProcess): AsyncGenerator<void> {
  if (stderr === null) throw new Error('the daemon has no log')
  for await (const line of createInterface({ input: stderr })) if (line.includes('"event":"synced"')) yield
}

async function skip(count: number, polls: AsyncGenerator<void>): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    const { done } = await polls.next()
    if (done) throw new Error('the daemon has ended')
  }
}

/** Of the process, and of all that it has started and waited for. */
async function readUse({ pid }: ChildProcess): Promise<{ cpuMs: number; megabytes: number }> {
  const [stat, status] = await Promise.all(
    ['stat', 'status'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8')),
  )
  // After the name, which ends with the last parenthesis: the state is field 3, times are 14 to 17 (proc(5)), in 10 ms.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  const kilobytes = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status ?? '')?.[1])
  return { cpuMs: ticks * 10, megabytes: kilobytes / 1000 }
}
