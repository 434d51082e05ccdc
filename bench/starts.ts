import path from 'node:path'
import type { Comparison, Contender } from './benchmark.ts'
import { type Argv, type CommandOptions, runCommand } from './run-command.ts'

export interface Starts {
  readonly argv: Argv
  /** So many that a round takes some tenths of a second: the start of the loop itself counts, and counts alike then. */
  readonly count: number
  readonly comparisons?: readonly Comparison[]
}

const loop = path.join(import.meta.dirname, 'scripts/repeat.sh')

/**
 * Time of one start of a command, as a shell starts it: many starts from one small loop of POSIX sh. To start a process,
 * Node itself takes longer than what is measured here does.
 */
export function createStarts(
  label: string,
  { argv, count, comparisons = [] }: Starts,
  options: CommandOptions,
): Contender {
  return {
    quantities: [{ label, unit: 'ms', comparisons }],
    run: async () => [runCommand(['sh', loop, String(count), ...argv], options).ms / count],
  }
}
