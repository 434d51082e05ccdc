import type { Command } from 'commander'
import type { Host } from '../platform/host.ts'
import type { Execute, ExitCode } from './command-context.ts'
import { createContext } from './create-context.ts'
import { toGlobalOptions } from './global-options.ts'
import { pairValues } from './pair-values.ts'
import { createProgram } from './program.ts'

// Commander breaks no examples, and nothing where there is little room.
async function createHelpWrap({ columns }: Host['stdout']): Promise<((text: string) => string) | undefined> {
  if (columns === undefined) return undefined
  const { wrapHelp } = await import('../lib/terminal/wrap-words.ts')
  return text => wrapHelp(text, columns)
}

/** Runs the command line and says how it went. Never rejects. */
export async function run(argv: readonly string[], host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = 0
  const toExecute =
    (program: Command): Execute =>
    (action, options) =>
    async (...args) => {
      const isDryRun = argv.includes('--dry-run')
      const context = await createContext(host, toGlobalOptions(program.opts()), { ...options, isDryRun })
      exitCode = await action(context, ...args)
    }
  const program = createProgram(host, toExecute, await createHelpWrap(host.stdout))
  try {
    await program.parseAsync(pairValues(argv), { from: 'user' })
    host.interrupted.throwIfAborted()
    return exitCode
  } catch (error) {
    const { reportFailure } = await import('./report-failure.ts')
    return reportFailure(error, { argv, program }, host)
  }
}
