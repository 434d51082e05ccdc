import type { Check } from '../check.ts'

/** Which configuration files are used, and the warnings about them. */
export const configCheck: Check = {
  name: 'config',
  run: async ({ config }) => {
    const read = config.files.map(path => ({ status: 'ok', message: `using ${path}`, hint: null }) as const)
    const warnings = config.notes.map(message => ({ status: 'warning', message, hint: null }) as const)
    if (read.length + warnings.length > 0) return [...read, ...warnings]
    return [{ status: 'ok', message: 'no configuration file: the defaults apply', hint: null }]
  },
}
