import path from 'node:path'
import { registryFiles } from '../../src/registry/schema/names.ts'
import type { Benchmark, Contender } from '../benchmark.ts'
import { bareNode, createBareNode, createCall } from '../call.ts'
import { createLargeHome } from '../large-home.ts'
import { measurePeakMemory } from '../peak-memory.ts'
import { findPeer } from '../peers.ts'
import { type CommandOptions, runCommand } from '../run-command.ts'
import { launcher, packageRoot, type Sandbox } from '../sandbox.ts'

/** It takes one schema a call. */
const peerLabel = 'nine times `ajv-cli validate`'
const models = 10_000

/** What a pipeline and a hook before a commit wait for. */
export const validate: Benchmark = {
  name: 'validate',
  what: 'Check the nine shipped files, and a home with 10,000 models, as a whole process',
  runs: 10,
  warmUps: 2,
  prepare: async sandbox => {
    const large = await createLargeHome(models, sandbox)
    const peer = findPeer('ajv-cli/dist/index.js')
    // Without a cache directory nothing is known of the files from an earlier call.
    const forgetful = { ...sandbox, env: { ...sandbox.env, XDG_CACHE_HOME: '', HOME: '' } }
    const toBare = { kind: 'times', of: bareNode, atMost: 2 } as const
    const toPeer = peer.isFound ? [{ kind: 'times', of: peerLabel, atMost: 1 } as const] : []
    const ofShipped = [launcher, 'validate', sandbox.home] as const
    return {
      contenders: [
        createBareNode(sandbox),
        ...(peer.isFound ? [createPeer(peer.file, sandbox)] : []),
        createCall('`validate`', { argv: ofShipped, comparisons: [toBare, ...toPeer] }, sandbox),
        createCall('`validate` of files never seen', { argv: ofShipped, comparisons: toPeer }, forgetful),
        createCall(
          `\`validate\` of ${models} models never seen`,
          { argv: [launcher, 'validate', large], comparisons: [{ kind: 'absolute', atMost: 1000 }] },
          forgetful,
        ),
        ...(process.platform === 'linux' ? [createMemory(large, forgetful)] : []),
      ],
      skipped: peer.isFound ? [] : [peer.skipped],
    }
  },
}

function createPeer(file: string, sandbox: Sandbox): Contender {
  const pairs = Object.values(registryFiles).map(name => [
    ...['-s', path.join(packageRoot, 'schemas', name.replace('.json', '.schema.json'))],
    ...['-d', path.join(sandbox.home, name)],
  ])
  const options = ['--spec=draft2020', '--strict=false', '--validate-formats=false']
  const run = (pair: readonly string[]) =>
    runCommand([process.execPath, file, 'validate', ...options, ...pair], sandbox).ms
  return {
    quantities: [
      { label: peerLabel, unit: 'ms' },
      { label: 'one time of them, the hyper registry', unit: 'ms' },
    ],
    run: async () => {
      const times = pairs.map(run)
      return [times.reduce((sum, ms) => sum + ms, 0), times[0] ?? Number.NaN]
    },
  }
}

function createMemory(home: string, options: CommandOptions): Contender {
  const label = `Peak memory of \`validate\` of ${models} models`
  return {
    quantities: [{ label, unit: 'MB', comparisons: [{ kind: 'absolute', atMost: 300 }] }],
    run: async () => [await measurePeakMemory([launcher, 'validate', home], options)],
  }
}
