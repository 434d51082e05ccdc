import { NexusError } from '../../lib/errors.ts'
import { toVisibleJson, toVisibleLine } from '../../lib/text/visible.ts'
import type { UpgradeReport } from '../../upgrade/upgrade-report.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { confirmChange } from '../confirm-change.ts'

interface UpgradeFlags {
  readonly dryRun?: true
  readonly yes?: true
}

export const registerUpgrade: RegisterCommand = (program, execute) => {
  program
    .command('upgrade')
    .description('Take newer shipped data into a registry home; your edits stay')
    .option('--dry-run', 'Show the changes without writing them')
    .option('-y, --yes', 'Do not ask for confirmation')
    .addHelpText(
      'after',
      `
Compares what was shipped when the home got its files, what is shipped now, and what is in the home. Fields that you
changed stay, entries that you removed stay away, and entries with "x-local": true or from an upstream are not touched.
Where you and the program have changed the same field, yours stays and the conflict is listed.
Without --yes it asks; without a terminal it changes nothing and exits with 2.

Examples:
  nexus-registry upgrade --dry-run                 what would change
  nexus-registry upgrade                           show it, ask, and change it
  nexus-registry upgrade --home ./registries -y    a home of a project`,
    )
    .action(execute(runUpgrade))
}

async function runUpgrade(context: CommandContext, { dryRun, yes }: UpgradeFlags): Promise<ExitCode> {
  const { host, globals, say, style } = context
  const [{ planHomeUpgrade, upgradeHome }, { hasNews }] = await Promise.all([
    import('../../upgrade/upgrade.ts'),
    import('../../upgrade/upgrade-report.ts'),
  ])
  const { directory } = await context.home(dryRun ? 'read' : 'write')
  const planned = await planHomeUpgrade(directory, host)
  const isDue = hasNews(planned)
  if (dryRun || !isDue || !yes || !globals.json) await showReport(planned, context)
  if (dryRun) return 0
  // The home learns what it was compared with. Where that cannot be saved, nothing is lost.
  if (!isDue) return upgradeHome(directory, host).then(() => 0, ignoreExpected)
  if (!yes) {
    const question = `Upgrade ${toVisibleLine(directory)}?`
    const advice = 'add --yes to upgrade without confirmation'
    const exitCode = await confirmChange({ question, advice, canAsk: !globals.json }, context)
    if (exitCode !== undefined) return exitCode
  }
  const done = await upgradeHome(directory, host)
  if (globals.json) await showReport(done, context)
  else say(`${style.green('Upgraded')} ${toVisibleLine(directory)}`)
  return 0
}

function ignoreExpected(error: unknown): ExitCode {
  if (error instanceof NexusError && error.code !== 'interrupted') return 0
  throw error
}

async function showReport(report: UpgradeReport, context: CommandContext): Promise<void> {
  const { globals, host, print, style } = context
  if (globals.json) return print(toVisibleJson(report))
  const { renderUpgrade } = await import('../../upgrade/render-upgrade.ts')
  const text = await renderUpgrade(report, { style, width: host.stdout.columns })
  print(`${text}\n\n`)
}
