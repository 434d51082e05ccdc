import type { Comparison, Contender } from './benchmark.ts'
import { type Argv, type CommandOptions, runCommand } from './run-command.ts'

export interface Call {
  readonly argv: Argv
  readonly comparisons?: readonly Comparison[]
}

/** What a start of Node takes: the floor of every command that starts it. */
export const bareNode = '`node -e 0`'

/** Time of a command as a whole process, from its start until it has been reaped. */
export function createCall(
  label: string,
  { argv, comparisons = [] }: Call,
  options: CommandOptions,
): Contender {
  return { quantities: [{ label, unit: 'ms', comparisons }], run: async () => [runCommand(argv, options).ms] }
}

/** The floor itself, for the others to be compared with. */
export function createBareNode(options: CommandOptions): Contender {
  return createCall(bareNode, { argv: [process.execPath, '-e', '0'] }, options)
}
