import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { subRegistryNames } from '../../src/registry/schema/names.ts'
import type { Benchmark, Quantity } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { counts, type DayReport, type Tally } from '../day.ts'
import { runCommand } from '../run-command.ts'
import { createSandbox, memoryPlace, packageRoot, withTemporaryDirectory } from '../sandbox.ts'
import { createUpstreamHome, startUpstreams } from '../upstreams.ts'

const polls = (counts.minutes * subRegistryNames.length).toLocaleString('en')

/** How often a whole day is answered from what is here. It is the same day each time, and so are the shares. */
export const day: Benchmark = {
  name: 'day',
  what: 'A simulated day: how often caches are used',
  runs: 1,
  warmUps: 0,
  prepare: async () => ({
    contenders: [
      {
        quantities: [
          toShare('All of them'),
          toShare(`${polls} polls of upstreams`),
          toShare(`${counts.starts} starts of shells`),
          { label: 'starts of shells with an answer that needed no refresh', unit: '%' },
          toShare(`${counts.queries} queries`),
        ],
        run: async () => toShares(await withTemporaryDirectory(live, memoryPlace)),
      },
    ],
  }),
}

function toShare(label: string): Quantity {
  return { label, unit: '%', comparisons: [{ kind: 'above', limit: 95 }] }
}

async function live(directory: string): Promise<DayReport> {
  const sandbox = await createSandbox(directory)
  const [served, bin] = ['served', 'bin'].map(name => path.join(directory, name))
  if (served === undefined || bin === undefined) throw new Error('unreachable')
  await Promise.all([cp(sandbox.home, served, { recursive: true }), mkdir(bin)])
  const watched = await createUpstreamHome('watched', await startUpstreams(served, sandbox), sandbox)
  const script = await bundleScript('live-a-day', directory)
  const argv = [process.execPath, script, watched, sandbox.home, served, bin, packageRoot] as const
  return JSON.parse(runCommand(argv, { ...sandbox, deadlineMs: 600_000 }).stdout)
}

function toShares({ polls, starts, queries }: DayReport): number[] {
  const all = [polls, starts, queries].reduce((sum, each) => ({
    hits: sum.hits + each.hits,
    misses: sum.misses + each.misses,
  }))
  const fresh = { hits: starts.hits - starts.stale, misses: starts.misses + starts.stale }
  return [all, polls, starts, fresh, queries].map(toPercent)
}

function toPercent({ hits, misses }: Tally): number {
  return (hits / (hits + misses)) * 100
}
