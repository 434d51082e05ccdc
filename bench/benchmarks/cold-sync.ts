import { availableParallelism } from 'node:os'
import type { Benchmark, Contender } from '../benchmark.ts'
import { readCpuTime, withCpuTime } from '../cpu-time.ts'
import { findPeer } from '../peers.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

const ours = '`sync --force`'
const theirs = '`envinfo --json`'
const bound = 'max(longest probe, CPU time ÷ cores) of it'

/** Everything is asked: no cache helps. */
export const coldSync: Benchmark = {
  name: 'cold-sync',
  what: 'Detect everything anew, ML frameworks verified by import',
  runs: 10,
  warmUps: 1,
  prepare: async sandbox => {
    const envinfo = findPeer('envinfo/dist/cli.js')
    if (!envinfo.isFound) return { contenders: [createSync(sandbox)], skipped: [envinfo.skipped] }
    return { contenders: [createSync(sandbox), createEnvinfo(envinfo.file, sandbox)] }
  },
}

function createSync(sandbox: Sandbox): Contender {
  const argv = withCpuTime([launcher, 'sync', '--force', '--timings', '--json'])
  return {
    quantities: [
      {
        label: ours,
        unit: 'ms',
        comparisons: [
          { kind: 'times', of: theirs, atMost: 0.75 },
          { kind: 'times', of: bound },
        ],
      },
      { label: bound, unit: 'ms' },
    ],
    run: async () => {
      const { ms, stdout } = runCommand(argv, sandbox)
      const { cpuMs, stdout: report } = readCpuTime(stdout)
      return [ms, Math.max(longestProbe(JSON.parse(report)), cpuMs / availableParallelism())]
    },
  }
}

function longestProbe({ timings }: { timings: readonly { duration_ms: number }[] }): number {
  return Math.max(...timings.map(({ duration_ms }) => duration_ms))
}

function createEnvinfo(file: string, sandbox: Sandbox): Contender {
  const argv = withCpuTime([process.execPath, file, '--json'])
  return {
    quantities: [{ label: theirs, unit: 'ms' }],
    run: async () => [runCommand(argv, sandbox).ms],
  }
}
