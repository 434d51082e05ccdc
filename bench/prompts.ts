import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Comparison, Contender } from './benchmark.ts'
import { type Argv, type CommandOptions, runCommand } from './run-command.ts'

export interface Prompts {
  /** An interactive shell that reads what is typed from its standard input. */
  readonly argv: Argv
  readonly clock: keyof typeof clocks
  readonly comparisons?: readonly Comparison[]
}

const count = 1000

/** What is typed first and last: a shell measures by itself, so that its start is left out. bash before 5 cannot: NaN. */
const clocks = {
  zsh: 'zmodload zsh/datetime; echo $EPOCHREALTIME',
  bash: 'echo $EPOCHREALTIME',
} as const

/** Time of one prompt: an interactive shell is given empty lines, each of which makes it print the next prompt. */
export function createPrompts(
  label: string,
  { argv, clock, comparisons = [] }: Prompts,
  options: CommandOptions,
): Contender {
  const file = path.join(options.directory, `lines.${clock}`)
  const lines = Array.from({ length: count - 1 }, () => '')
  writeFileSync(file, [clocks[clock], ...lines, clocks[clock], ''].join('\n'))
  const command = ['sh', '-c', 'exec "$@" <"$0" 2>/dev/null', file, ...argv] as const
  return {
    quantities: [{ label, unit: 'µs', comparisons }],
    run: async () => [parseMicroseconds(runCommand(command, options).stdout) / count],
  }
}

function parseMicroseconds(stdout: string): number {
  const [start = Number.NaN, end = Number.NaN] = stdout
    .split('\n')
    .map(line => Number.parseFloat(line.replace(',', '.')))
  return (end - start) * 1e6
}
