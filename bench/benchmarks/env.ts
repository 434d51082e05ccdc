import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Benchmark, Contender } from '../benchmark.ts'
import { keepAnswer, withoutNode } from '../kept-answer.ts'
import { findProgram } from '../peers.ts'
import type { Argv } from '../run-command.ts'
import { createSandbox, launcher, type Sandbox } from '../sandbox.ts'
import { createStarts } from '../starts.ts'

const ours = '`env`'
const bareNode = '`node -e 0`'
const mise = '`mise env -s zsh`'
const floor = '`sh -c :`'

/** Every new shell pays this. */
export const env: Benchmark = {
  name: 'env',
  what: 'Cached exports for a shell, called through `bin/nexus-registry`',
  runs: 20,
  warmUps: 1,
  prepare: async bare => {
    const stale = await createStale(await createSandbox(path.join(bare.directory, 'stale')))
    const warm = await keepAnswer(bare, 86_400)
    const peers = [findProgram('mise'), findProgram('bash'), findProgram('busybox')]
    const [miseFile, bash, busybox] = peers.map(peer => (peer.isFound ? peer.file : undefined))
    return {
      contenders: [
        createStarts(floor, { argv: ['sh', '-c', ':'], count: 80 }, warm),
        createStarts(bareNode, { argv: [process.execPath, '-e', '0'], count: 10 }, warm),
        ...(miseFile ? [createMise(miseFile, warm)] : []),
        createEnv(ours, [launcher, 'env'], warm),
        createEnv('`env --shell zsh`', [launcher, 'env', '--shell', 'zsh'], warm),
        ...(bash ? [createEnv('`env`, run by bash', [bash, launcher, 'env'], warm)] : []),
        ...(busybox ? [createEnv('`env`, run by busybox ash', [busybox, 'ash', launcher, 'env'], warm)] : []),
        stale,
      ],
      skipped: peers.flatMap(peer => (peer.isFound ? [] : [peer.skipped])),
    }
  },
}

function createEnv(label: string, argv: Argv, sandbox: Sandbox): Contender {
  const comparisons = [
    { kind: 'times', of: mise, atMost: 0.5 },
    { kind: 'times', of: bareNode, atMost: 0.08 },
    { kind: 'more-than', of: floor },
  ] as const
  const isGoal = label === ours
  return withoutNode(
    createStarts(label, { argv, count: 50, comparisons: isGoal ? comparisons : [] }, sandbox),
    sandbox,
  )
}

// Two minutes is how long a claim holds.
async function createStale(bare: Sandbox): Promise<Contender> {
  const sandbox = await keepAnswer(bare, 1)
  await sleep(1000)
  const answers = path.join(sandbox.directory, 'cache/nexus-registry/answers')
  const claims = readdirSync(answers).map(name => path.join(answers, name, 'refreshing'))
  const label = '`env` with a stale answer that another shell refreshes'
  const contender = createEnv(label, [launcher, 'env'], sandbox)
  return {
    ...contender,
    run: () => {
      for (const claim of claims) writeFileSync(claim, '')
      return contender.run()
    },
  }
}

// Without configuration, and without what it does on the network: nothing but its start is left.
function createMise(file: string, { directory, env: inherited }: Sandbox): Contender {
  const home = path.join(directory, 'mise')
  const kept = Object.entries(inherited).filter(([name]) => !/^(__)?MISE_/.test(name))
  const places = ['CONFIG', 'DATA', 'CACHE', 'STATE', 'SYSTEM'].map(name => [
    `MISE_${name}_DIR`,
    path.join(home, name),
  ])
  const options = {
    directory,
    env: {
      ...Object.fromEntries([...kept, ...places]),
      HOME: home,
      MISE_CEILING_PATHS: directory,
      MISE_OFFLINE: '1',
    },
  }
  return createStarts(mise, { argv: [file, 'env', '-s', 'zsh'], count: 10 }, options)
}
