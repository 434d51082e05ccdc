import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { registryFiles } from '../../src/registry/schema/names.ts'
import type { Benchmark, Contender } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { bareNode, createBareNode, createCall } from '../call.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'
import { median } from '../statistics.ts'

const entries = 100
/** A screen that is drawn sixty times a second has as long as this for each. */
const frameMs = 16

/** The dashboard in the terminal: once, without what it measures, and a frame of it. */
export const dashboard: Benchmark = {
  name: 'dashboard',
  what: 'The dashboard in a terminal, once and live',
  runs: 20,
  warmUps: 2,
  prepare: async sandbox => {
    const home = await createUnmeasuredHome(sandbox)
    const argv = [launcher, 'dashboard', '--home', home] as const
    const script = await bundleScript('draw-frames', sandbox.directory)
    return {
      contenders: [
        createBareNode(sandbox),
        createCall(
          '`dashboard` of the shipped tools and providers, without metrics',
          { argv, comparisons: [{ kind: 'times', of: bareNode, atMost: 2 }] },
          sandbox,
        ),
        createCall(
          '`dashboard` of all of it: two looks 250 ms apart',
          { argv: [launcher, 'dashboard'] },
          sandbox,
        ),
        createFrames(script, sandbox),
      ],
    }
  },
}

/** The shipped home, whose dashboard has no metric: what is measured takes its time by nature. */
async function createUnmeasuredHome(sandbox: Sandbox): Promise<string> {
  const home = path.join(sandbox.directory, 'unmeasured')
  await cp(sandbox.home, home, { recursive: true })
  const file = path.join(home, registryFiles.dashboard)
  const shown: { sections: { metrics: object } } = JSON.parse(await readFile(file, 'utf8'))
  const sections = { ...shown.sections, metrics: { system: {}, orchestrator: {} } }
  await writeFile(file, JSON.stringify({ ...shown, sections }))
  return home
}

function createFrames(script: string, sandbox: Sandbox): Contender {
  const comparisons = [
    { kind: 'absolute', atMost: frameMs },
    { kind: 'times', of: bareNode },
  ] as const
  return {
    quantities: [
      {
        label: `A frame of ${entries} entries, all of which change, the first in a process`,
        unit: 'ms',
        comparisons,
      },
      { label: 'The same, later', unit: 'ms', comparisons },
      {
        label: 'What is written when nothing has changed',
        unit: 'bytes',
        comparisons: [{ kind: 'absolute', atMost: 0 }],
      },
    ],
    run: async () => {
      const { stdout } = runCommand([process.execPath, script, String(entries)], sandbox)
      const { times, unchangedBytes }: { times: readonly number[]; unchangedBytes: number } =
        JSON.parse(stdout)
      const [first = Number.NaN, ...later] = times
      return [first, median(later), unchangedBytes]
    },
  }
}
