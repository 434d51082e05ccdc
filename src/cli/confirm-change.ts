import type { CommandContext, ExitCode } from './command-context.ts'

/** How a command asks before it changes something. */
interface Confirmation {
  readonly question: string
  /** What to do where nobody can be asked, after "Nothing was changed:". */
  readonly advice: string
  /** False where a question would be in the way of the output. The default is true. */
  readonly canAsk?: boolean
}

/** Asks on a terminal. Undefined: go on. Else the exit code: 1 after a no, 2 where nobody can be asked. */
export async function confirmChange(
  { question, advice, canAsk = true }: Confirmation,
  { host, note }: Pick<CommandContext, 'host' | 'note'>,
): Promise<ExitCode | undefined> {
  const isConfirmed = canAsk ? await host.confirm(question) : undefined
  if (isConfirmed) return undefined
  note(isConfirmed === undefined ? `Nothing was changed: ${advice}` : 'Nothing was changed')
  return isConfirmed === undefined ? 2 : 1
}
