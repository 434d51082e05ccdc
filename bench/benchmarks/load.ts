import type { Benchmark } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { createRepeatedWork } from '../repeated-work.ts'

const atMostMs = 20

/** What every command does before it can answer. */
export const load: Benchmark = {
  name: 'load',
  what: 'Load and validate the nine shipped registries in-process',
  runs: 10,
  warmUps: 1,
  prepare: async sandbox => {
    const script = await bundleScript('load-registries', sandbox.directory)
    const work = (label: string, what: string) =>
      createRepeatedWork(label, { argv: [process.execPath, script, what, sandbox.home], atMostMs }, sandbox)
    return {
      contenders: [work('Each file by itself', 'files'), work('And what holds between them', 'all')],
    }
  },
}
