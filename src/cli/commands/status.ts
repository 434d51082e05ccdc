import type { UpgradeSummary } from '../../upgrade/describe-upgrade.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { describeShipped } from '../create-context.ts'

export const registerStatus: RegisterCommand = (program, execute) => {
  program
    .command('status')
    .description('Show how fresh each registry is, and which process syncs it')
    .option('--all', 'Show the table of all registries on a terminal too, as a pipe gets it')
    .addHelpText(
      'after',
      `
Exits with 1 if a registry is stale, failed or missing. Sends no requests and changes nothing.

Examples:
  nexus-registry status          whether all is fresh, and what is not
  nexus-registry status --all    age, failures and next attempt of each registry
  nexus-registry status --json   the same as JSON`,
    )
    .action(execute(showStatus))
}

async function showStatus(
  { host, globals, home, note, print, style }: CommandContext,
  { all: isWhole }: { readonly all?: true },
): Promise<ExitCode> {
  const { loadStatus, isUnwell } = await import('../../sync/status.ts')
  const { directory, whyShipped } = await home()
  const [status, upgrade] = await Promise.all([loadStatus(directory, host), findSummary(directory, host)])
  // With --verbose, `home` has already printed it.
  if (whyShipped !== undefined && !globals.verbose) note(describeShipped(whyShipped))
  if (globals.json) print(JSON.stringify({ ...status, upgrade }, null, 2))
  else {
    const { columns: width, isTerminal } = host.stdout
    if (isTerminal && !isWhole) {
      const [{ renderStatusSummary }, { toSigns }] = await Promise.all([
        import('../../sync/render-status-summary.ts'),
        import('../../lib/terminal/signs.ts'),
      ])
      print(renderStatusSummary(status, { style, signs: toSigns(host.env), width }))
    } else {
      const { renderHomeStatus } = await import('../../sync/render-status.ts')
      print(await renderHomeStatus(status, { style, width }))
    }
    if (upgrade !== null) print(await renderSummary(upgrade, style.cyan('hint:'), host.stdout.columns))
  }
  return status.registries.some(isUnwell) ? 1 : 0
}

async function findSummary(directory: string, host: CommandContext['host']): Promise<UpgradeSummary | null> {
  const [{ findUpgrade }, { summarizeUpgrade }] = await Promise.all([
    import('../../upgrade/upgrade.ts'),
    import('../../upgrade/describe-upgrade.ts'),
  ])
  return summarizeUpgrade(await findUpgrade(directory, host))
}

async function renderSummary(
  summary: UpgradeSummary,
  label: string,
  width: number | undefined,
): Promise<string> {
  const [{ describeSummary, adviseUpgrade }, { wrapWords }] = await Promise.all([
    import('../../upgrade/describe-upgrade.ts'),
    import('../../lib/terminal/width.ts'),
  ])
  return wrapWords(`${label} ${describeSummary(summary)}; ${adviseUpgrade(summary)}`, width)
}
