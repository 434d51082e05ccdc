import type { ExitCode, RegisterCommand } from '../command-context.ts'

export const registerDoctor: RegisterCommand = (program, execute) => {
  program
    .command('doctor')
    .description('check the installation itself: home, caches, PATH, interpreter')
    .addHelpText(
      'after',
      `
Exits with 1 when something is in error. Changes nothing.

Examples:
  nexus-registry doctor          what is in order, what is not, and what to do
  nexus-registry doctor --json   the same for programs`,
    )
    .action(
      execute(
        async (context): Promise<ExitCode> => {
          const [{ examine }, { renderHealth }] = await Promise.all([
            import('../../doctor/doctor.ts'),
            import('../../doctor/doctor.ts'),
          ])
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
