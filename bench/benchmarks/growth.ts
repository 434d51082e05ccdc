import path from 'node:path'
import type { Benchmark, Contender } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { runCommand } from '../run-command.ts'
import { memoryPlace, type Sandbox, withTemporaryDirectory } from '../sandbox.ts'
import { startUpstreams } from '../upstreams.ts'

const counts = [7, 50, 100, 250, 500] as const
const [fewest] = counts

/** What upstreams have to say, as `scripts/serve-registries.ts` does it. */
const manners = { 'not modified': 'still', 'one in 419 changed': 'seldom' } as const

/** What polling a registry costs the more of them there are: as much when the whole grows no faster than their number. */
export const growth: Benchmark = {
  name: 'growth',
  what: 'CPU time of one poll of one of many registries, all of which are polled at once',
  runs: 3,
  warmUps: 0,
  prepare: async sandbox => {
    const origin = await startUpstreams(sandbox.home, sandbox)
    const script = await bundleScript('poll-many', sandbox.directory)
    const contenders = Object.entries(manners).map(([what, manner]) =>
      createPolls(what, { script, address: `${origin}/${manner}` }, sandbox),
    )
    return { contenders }
  },
}

function createPolls(
  what: string,
  { script, address }: { readonly script: string; readonly address: string },
  sandbox: Sandbox,
): Contender {
  const toLabel = (count: number) => `${count} registries, ${what}`
  const comparisons = [{ kind: 'times', of: toLabel(fewest), atMost: 1.2 }] as const
  return {
    quantities: counts.map(count => ({
      label: toLabel(count),
      unit: 'µs',
      comparisons: count === fewest ? [] : comparisons,
    })),
    run: () =>
      withTemporaryDirectory(async directory => {
        const argv = [
          process.execPath,
          script,
          sandbox.home,
          directory,
          address,
          ...counts.map(String),
        ] as const
        const places = {
          XDG_STATE_HOME: path.join(directory, 'state'),
          XDG_CACHE_HOME: path.join(directory, 'cache'),
        }
        const env = { ...sandbox.env, ...places }
        return JSON.parse(runCommand(argv, { ...sandbox, env, deadlineMs: 600_000 }).stdout)
      }, memoryPlace),
  }
}
