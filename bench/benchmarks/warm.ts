import type { Benchmark, Contender } from '../benchmark.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

const bare = '`node -e 0`'

/** What is called again and again, after a sync: measured through the launcher, as users call it. */
export const warm: Benchmark = {
  name: 'warm',
  what: 'Answers after a first sync, called through `bin/nexus-registry`',
  runs: 30,
  warmUps: 3,
  prepare: async sandbox => {
    runCommand([launcher, 'sync'], sandbox)
    return {
      contenders: [
        createBareNode(sandbox),
        createCall(['has', 'docker'], { atMost: 1.8, exitCodes: [0, 1] }, sandbox),
        createCall(['list'], { atMost: 1.8 }, sandbox),
        createCall(['list', 'tools'], { atMost: 1.8 }, sandbox),
        createCall(['sync'], { atMost: 3 }, sandbox),
      ],
    }
  },
}

function createBareNode(sandbox: Sandbox): Contender {
  return {
    quantities: [{ label: bare, unit: 'ms' }],
    run: async () => [runCommand([process.execPath, '-e', '0'], sandbox).ms],
  }
}

function createCall(
  args: readonly string[],
  { atMost, exitCodes = [0] }: { atMost: number; exitCodes?: readonly number[] },
  sandbox: Sandbox,
): Contender {
  return {
    quantities: [
      { label: `\`${args.join(' ')}\``, unit: 'ms', comparisons: [{ kind: 'times', of: bare, atMost }] },
    ],
    run: async () => [runCommand([launcher, ...args], { ...sandbox, exitCodes }).ms],
  }
}
