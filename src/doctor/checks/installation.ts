import { createProgramFinder } from '../../detection/programs/program-finder.ts'
import { program } from '../../lib/program.ts'
import type { Check } from '../check.ts'

/** Which installation this is, and whether it is on PATH. */
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
