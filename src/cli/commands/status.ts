import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { describeShipped } from '../create-context.ts'

export const registerStatus: RegisterCommand = (program, execute) => {
  program
    .command('status')
    .description('Show how fresh each registry is, and which process syncs it')
    .addHelpText(
      'after',
      `
Exits with 1 if a registry is stale, failed or missing. Sends no requests and changes nothing.

Examples:
  nexus-registry status          age, failures and next attempt of each registry
  nexus-registry status --json   the same as JSON`,
    )
    .action(execute(showStatus))
}

async function showStatus({ host, globals, home, note, print, style }: CommandContext): Promise<ExitCode> {
  const { loadStatus, isUnwell } = await import('../../sync/status.ts')
  const { directory, whyShipped } = await home()
  const status = await loadStatus(directory, host)
  // With --verbose, `home` has already printed it.
  if (whyShipped !== undefined && !globals.verbose) note(describeShipped(whyShipped))
  if (globals.json) print(JSON.stringify(status, null, 2))
  else {
    const { renderHomeStatus } = await import('../../sync/render-status.ts')
    print(await renderHomeStatus(status, { style, width: host.stdout.columns }))
  }
  return status.registries.some(isUnwell) ? 1 : 0
}
