import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

export const registerDoctor: RegisterCommand = (program, execute) => {
  program
    .command('doctor')
    .description('Check the installation: home, caches, PATH, interpreter')
    .option('--all', 'List all checks on a terminal too, as a pipe gets them')
    .addHelpText(
      'after',
      `
Exits with 1 if a check fails. Changes nothing.

Examples:
  nexus-registry doctor          run all checks, and show how to fix problems
  nexus-registry doctor --all    what each check found
  nexus-registry doctor --json   the same as JSON`,
    )
    .action(execute(runDoctor, { config: 'collect' }))
}

async function runDoctor(
  { config, configNotes, globals, host, home, print, style }: CommandContext,
  { all: isWhole }: { readonly all?: true },
): Promise<ExitCode> {
  const { examine, renderHealth } = await import('../../doctor/doctor.ts')
  const report = await examine({
    host,
    requireHome: home,
    findHome: () => home().catch(() => undefined),
    python: config.python,
    config: { files: config.files, notes: configNotes },
    alerts: config.alerts,
  })
  const { columns: width, isTerminal } = host.stdout
  if (globals.json) print(JSON.stringify(report, null, 2))
  else if (isTerminal && !isWhole) {
    const [{ renderHealthSummary }, { toSigns }] = await Promise.all([
      import('../../doctor/health-summary.ts'),
      import('../../lib/terminal/signs.ts'),
    ])
    const { env, userHome } = host
    print(renderHealthSummary(report, { style, signs: toSigns(env), width, userHome }))
  } else print(renderHealth(report, { style, width }))
  return report.healthy ? 0 : 1
}
