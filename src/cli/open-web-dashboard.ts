import { NexusError, systemErrorCode } from '../core/errors.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { serveHome, usualHost, usualPort } from './serve-home.ts'

export interface WebDashboardFlags {
  /** Port to listen on; without one the usual port, or a free one where that is taken. */
  readonly port?: number | undefined
}

/**
 * Serves the home of a call for browsers of this machine, prints the address of the dashboard to stdout, and ends with a
 * signal, as `serve` does.
 */
export async function openWebDashboard(
  context: CommandContext,
  { port }: WebDashboardFlags = {},
): Promise<ExitCode> {
  const { config, print } = context
  const start = (wanted: number) =>
    serveHome(context, { host: usualHost, port: wanted, sync: true }, address => print(`${address}/`))
  try {
    return await start(port ?? config.server.port ?? usualPort)
  } catch (error) {
    const isTaken = error instanceof NexusError && systemErrorCode(error.cause) === 'EADDRINUSE'
    if (!isTaken || port !== undefined) throw error
    return start(0)
  }
}
