import type { Benchmark } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { runCommand } from '../run-command.ts'
import type { Sandbox } from '../sandbox.ts'

const counts = [1000, 5000, 10_000] as const
const labels = ['After 1,000 polls', 'After 5,000 polls', 'After 10,000 polls'] as const

/** What stays of a poll of an upstream: a daemon makes 10,000 of them in a week. */
export const polls: Benchmark = {
  name: 'polls',
  what: 'Heap of a process that polls an upstream, after a collection',
  runs: 1,
  warmUps: 0,
  prepare: async sandbox => {
    const script = await bundleScript('poll-often', sandbox.directory)
    return {
      contenders: [
        {
          quantities: [
            { label: labels[0], unit: 'MB' },
            { label: labels[1], unit: 'MB' },
            {
              label: labels[2],
              unit: 'MB',
              // At first caches are filled and code is compiled; after that a hundred bytes a poll would be seen.
              comparisons: [
                { kind: 'times', of: labels[0], atMost: 1.15 },
                { kind: 'times', of: labels[1], atMost: 1.03 },
              ],
            },
          ],
          run: async () => measureHeap(script, sandbox),
        },
      ],
    }
  },
}

function measureHeap(script: string, sandbox: Sandbox): number[] {
  const argv = [process.execPath, '--expose-gc', script, sandbox.home, ...counts.map(String)] as const
  return JSON.parse(runCommand(argv, { ...sandbox, deadlineMs: 600_000 }).stdout)
}
