import type { Benchmark, Contender } from '../benchmark.ts'
import { bareNode, createBareNode, createCall } from '../call.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

/** What is called again and again, after a sync: measured through the launcher, as users call it. */
export const warm: Benchmark = {
  name: 'warm',
  what: 'Commands after a first sync, called through `bin/nexus-registry`',
  runs: 30,
  warmUps: 3,
  prepare: async sandbox => {
    runCommand([launcher, 'sync'], sandbox)
    return {
      contenders: [
        createBareNode(sandbox),
        createAnswer(['has', 'docker'], { atMost: 1.8, exitCodes: [0, 1] }, sandbox),
        createAnswer(['list'], { atMost: 1.8 }, sandbox),
        createAnswer(['list', 'tools'], { atMost: 1.8 }, sandbox),
        createAnswer(['sync'], { atMost: 3 }, sandbox),
      ],
    }
  },
}

function createAnswer(
  args: readonly string[],
  { atMost, exitCodes = [0] }: { atMost: number; exitCodes?: readonly number[] },
  sandbox: Sandbox,
): Contender {
  const comparisons = [{ kind: 'times', of: bareNode, atMost }] as const
  const argv = [launcher, ...args] as const
  return createCall(`\`${args.join(' ')}\``, { argv, comparisons }, { ...sandbox, exitCodes })
}
