import { program } from '../../../core/program.ts'
import { createProgramFinder } from '../../../probes/programs/program-finder.ts'
import type { Check } from '../check.ts'

/** Which installation this is, and whether shells find it. */
export const installationCheck: Check = {
  name: 'installation',
  run: async ({ host }) => {
    const here = {
      status: 'ok',
      message: `${program.name} ${program.version} in ${host.programRoot}`,
      hint: null,
    } as const
    const { result } = await createProgramFinder(host).find(program.name)
    if (result?.kind === 'found') return [here]
    const hint = `Add ${host.path.join(host.programRoot, 'bin')} to PATH, or install it with npm install -g`
    return [here, { status: 'note', message: `${program.name} is not on PATH`, hint }]
  },
}
