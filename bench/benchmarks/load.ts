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
    // Without a cache directory nothing is known of the files from an earlier process.
    const forgetful = { ...sandbox, env: { ...sandbox.env, XDG_CACHE_HOME: '', HOME: '' } }
    const work = (label: string, what: string, place = sandbox) =>
      createRepeatedWork(label, { argv: [process.execPath, script, what, sandbox.home], atMostMs }, place)
    return {
      contenders: [
        work('Files that were checked before, as every command does', 'files'),
        work('Files that were never seen', 'files', forgetful),
        work('Those, and what holds between them', 'all', forgetful),
      ],
    }
  },
}
