import type { Contender } from './benchmark.ts'
import { type Argv, runCommand } from './run-command.ts'
import type { Sandbox } from './sandbox.ts'
import { median } from './statistics.ts'

/**
 * Work that a script does again and again in one fresh process per run (see `print-times.ts`). The first time is
 * what a command pays, the later ones are what a server pays.
 */
export function createRepeatedWork(
  label: string,
  { argv, atMostMs }: { readonly argv: Argv; readonly atMostMs: number },
  sandbox: Pick<Sandbox, 'directory' | 'env'>,
): Contender {
  const comparisons = [{ kind: 'absolute', atMost: atMostMs }] as const
  return {
    quantities: [
      { label: `${label}, first time in a process`, unit: 'ms', comparisons },
      { label: `${label}, later`, unit: 'ms', comparisons },
    ],
    run: async () => {
      const times: readonly number[] = JSON.parse(runCommand(argv, sandbox).stdout)
      const [first = Number.NaN, ...later] = times
      return [first, median(later)]
    },
  }
}
