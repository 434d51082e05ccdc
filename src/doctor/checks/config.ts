import type { Check } from '../check.ts'

/** Which configuration files count, and what does not count in them. */
export const configCheck: Check = {
  name: 'config',
  run: async ({ config }) => {
    const read = config.files.map(path => ({ status: 'ok', message: `${path} is read`, hint: null }) as const)
    const trouble = config.notes.map(message => ({ status: 'warning', message, hint: null }) as const)
    if (read.length + trouble.length > 0) return [...read, ...trouble]
    return [{ status: 'ok', message: 'no configuration file: the defaults apply', hint: null }]
  },
}
