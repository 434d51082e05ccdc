import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { describeShipped } from '../create-context.ts'

export const registerStatus: RegisterCommand = (program, execute) => {
  program
    .command('status')
    .description('show how fresh the registries are, and who keeps them so')
    .addHelpText(
      'after',
      `
Exits with 1 when a registry is stale, failed or missing. Asks nobody, and changes nothing.

Examples:
  nexus-registry status          age, failures and next attempt of each registry
  nexus-registry status --json   the same for programs`,
    )
    .action(execute(showStatus))
}

async function showStatus({ host, globals, home, note, print, style }: CommandContext): Promise<ExitCode> {
  const [{ loadStatus }, { isUnwell }] = await Promise.all([
    import('../../sync/status.ts'),
    import('../../sync/status.ts'),
  ])
  const { directory, whyShipped } = await home()
  const status = await loadStatus(directory, host)
  // With -v it is said already.
  if (whyShipped !== undefined && !globals.verbose) note(describeShipped(whyShipped))
  if (globals.json) print(JSON.stringify(status, null, 2))
  else {
    const { renderHomeStatus } = await import('../../sync/render-status.ts')
    print(await renderHomeStatus(status, { style, width: host.stdout.columns }))
  }
  return status.registries.some(isUnwell) ? 1 : 0
}
