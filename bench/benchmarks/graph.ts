import type { Benchmark, Contender } from '../benchmark.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

const atMostMs = 1000

/** Laying out takes nearly all of it: Graphviz runs as WebAssembly, compiled anew in each process. */
export const graph: Benchmark = {
  name: 'graph',
  what: 'Draw the graph of the nine shipped registries',
  runs: 10,
  warmUps: 1,
  prepare: async sandbox => ({
    contenders: [
      draw(['graph', '--format', 'svg'], sandbox),
      draw(['graph', '--all', '--format', 'svg'], sandbox),
      draw(['graph'], sandbox),
    ],
  }),
}

function draw(args: readonly string[], sandbox: Sandbox): Contender {
  const comparisons = [{ kind: 'absolute', atMost: atMostMs }] as const
  return {
    quantities: [{ label: `\`${args.join(' ')}\``, unit: 'ms', comparisons }],
    run: async () => [runCommand([launcher, ...args], sandbox).ms],
  }
}
