import { subRegistryNames } from '../../src/registry/schema/names.ts'
import type { Benchmark, Contender } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { createRepeatedWork } from '../repeated-work.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'
import { allowLoopback, createUpstreamHome, startUpstreams } from '../upstreams.ts'

/** Polls as a command and as the daemon makes them: request, answer, and checks. Files are written after all of them. */
export const upstream: Benchmark = {
  name: 'upstream',
  what: 'Sync with upstreams on loopback',
  runs: 10,
  warmUps: 2,
  prepare: async sandbox => {
    const origin = await startUpstreams(sandbox.home, sandbox)
    await allowLoopback(sandbox)
    const [still, changing] = await Promise.all([
      createUpstreamHome('still', origin, sandbox),
      createUpstreamHome('changing', `${origin}/changing`, sandbox),
    ])
    const script = await bundleScript('sync-registry', sandbox.directory)
    const work = (label: string, home: string, atMostMs: number) =>
      createRepeatedWork(label, { argv: [process.execPath, script, home], atMostMs }, sandbox)
    return {
      contenders: [
        work('One registry, not modified', still, 10),
        work('One registry, all entries changed', changing, 50),
        createSync('All seven at once, not modified, first time in a process', still, sandbox),
        createSync('All seven at once, all entries changed, first time in a process', changing, sandbox),
      ],
    }
  },
}

/** How long the slowest of the seven polls took, as `sync` reports it. */
function createSync(label: string, home: string, sandbox: Sandbox): Contender {
  return {
    quantities: [{ label, unit: 'ms', comparisons: [{ kind: 'absolute', atMost: 150 }] }],
    run: async () => {
      const argv = [launcher, 'sync', '--json', '--home', home] as const
      const report: Report = JSON.parse(runCommand(argv, sandbox).stdout)
      return [Math.max(...subRegistryNames.map(name => report.registries[name]?.duration_ms ?? Number.NaN))]
    },
  }
}

interface Report {
  readonly registries: Readonly<Record<string, { readonly duration_ms: number }>>
}
