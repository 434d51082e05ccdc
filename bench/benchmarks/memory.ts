import type { Benchmark, Contender } from '../benchmark.ts'
import { measurePeakMemory } from '../peak-memory.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

/** The program's own memory, without that of the tools that it asks. */
export const memory: Benchmark = {
  name: 'memory',
  what: 'Peak memory of the process',
  runs: 10,
  warmUps: 1,
  prepare: async sandbox => {
    if (process.platform !== 'linux') {
      return { contenders: [], skipped: ['Peak memory is read from /proc, which only Linux has: skipped'] }
    }
    return { contenders: [createSync(['sync', '--force'], sandbox), createSync(['sync'], sandbox)] }
  },
}

function createSync(args: readonly string[], sandbox: Sandbox): Contender {
  return {
    quantities: [
      {
        label: `\`${args.join(' ')}\``,
        unit: 'MB',
        comparisons: [{ kind: 'absolute', atMost: 120 }],
      },
    ],
    run: async () => [await measurePeakMemory([launcher, ...args], sandbox)],
  }
}
