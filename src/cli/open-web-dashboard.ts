import { NexusError, systemErrorCode } from '../lib/errors.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { serveHome, usualHost, usualPort } from './serve-home.ts'

/**
 * Serves the home of a call for browsers of this machine, prints the address of the dashboard to stdout, and ends with a
 * signal, as `serve` does. Where the usual port is taken it listens on a free one.
 */
export async function openWebDashboard(
  context: CommandContext,
  { deep }: { readonly deep: boolean },
): Promise<ExitCode> {
  const { config, print } = context
  const start = (port: number) =>
    serveHome(context, { host: usualHost, port, sync: true, deep }, address => print(`${address}/`))
  try {
    return await start(config.server.port ?? usualPort)
  } catch (error) {
    const isTaken = error instanceof NexusError && systemErrorCode(error.cause) === 'EADDRINUSE'
    if (!isTaken) throw error
    return start(0)
  }
}
