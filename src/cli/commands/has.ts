import { toVisible } from '../../lib/text/visible.ts'
import type { ExitCode, RegisterCommand } from '../command-context.ts'

export const registerHas: RegisterCommand = (program, execute) => {
  program
    .command('has')
    .description('Exit with 0 if a tool or ML framework is present, else with 1')
    .argument('<id>', 'Id or ref: docker, tools/docker, ml_frameworks/pytorch')
    .argument('[range]', 'Semver range that its version must satisfy')
    .addHelpText(
      'after',
      `
Examples:
  nexus-registry has docker && docker ps     silent, for scripts
  nexus-registry has nodejs '>=20' -v        print what was found
  nexus-registry has pytorch --json          print the detection`,
    )
    .action(
      execute(async (context, id: string, range: string | undefined): Promise<ExitCode> => {
        const { has, renderHas } = await import('../../has/has.ts')
        const { config, globals, host } = context
        const { python, timeoutMs } = config
        const request = { home: await context.home(), name: id, range, configFile: globals.config }
        const answer = await has({ ...request, python, timeoutMs }, host)
        if (globals.json) context.print(JSON.stringify({ id: answer.ref, ...answer.detected }, null, 2))
        else if (globals.verbose) context.note(renderHas(answer, context.noteStyle))
        if (globals.verbose) for (const warning of answer.warnings) context.note(toVisible(warning))
        return answer.isHere ? 0 : 1
      }),
    )
}
