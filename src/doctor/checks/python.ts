import { createProgramFinder } from '../../detection/programs/program-finder.ts'
import { locateInterpreter } from '../../detection/python/interpreter.ts'
import type { Check } from '../check.ts'

/** Which Python is queried for ML frameworks. */
export const pythonCheck: Check = {
  name: 'python',
  run: async ({ host, python }) => {
    const search = await locateInterpreter({ host, python, programs: createProgramFinder(host) })
    if (search.kind === 'found')
      return [
        { status: 'ok', message: `${search.interpreter.path} is queried for ML frameworks`, hint: null },
      ]
    const status = search.kind === 'none' ? 'note' : 'error'
    const hint = 'Name another one: --python PATH, or python in the configuration'
    return [{ status, message: search.reason, hint }]
  },
}
