import type { ExitCode, RegisterCommand } from '../command-context.ts'

export const registerDoctor: RegisterCommand = (program, execute) => {
  program
    .command('doctor')
    .description('Check the installation: home, caches, PATH, interpreter')
    .addHelpText(
      'after',
      `
Exits with 1 if a check fails. Changes nothing.

Examples:
  nexus-registry doctor          run all checks, and show how to fix problems
  nexus-registry doctor --json   the same as JSON`,
    )
    .action(
      execute(
        async (context): Promise<ExitCode> => {
          const { examine, renderHealth } = await import('../../doctor/doctor.ts')
          const { config, configNotes, globals, host, home } = context
          const report = await examine({
            host,
            requireHome: home,
            findHome: () => home().catch(() => undefined),
            python: config.python,
            config: { files: config.files, notes: configNotes },
            alerts: config.alerts,
          })
          context.print(
            globals.json
              ? JSON.stringify(report, null, 2)
              : renderHealth(report, { style: context.style, width: host.stdout.columns }),
          )
          return report.healthy ? 0 : 1
        },
        { config: 'collect' },
      ),
    )
}
