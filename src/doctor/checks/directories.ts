import { toShellWord } from '../../lib/shell/quote.ts'
import type { Host } from '../../platform/host.ts'
import { cacheDirectory, explainForeignControl, stateDirectory } from '../../registry/home/directories.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check } from '../check.ts'

/** Whether caches and trust can be kept where nobody else can change them. */
export const directoriesCheck: Check = {
  name: 'directories',
  run: async ({ host }) =>
    Promise.all([
      checkDirectory({ what: 'caches', path: cacheDirectory(host), variable: 'XDG_CACHE_HOME' }, host),
      checkDirectory({ what: 'trust', path: stateDirectory(host), variable: 'XDG_STATE_HOME' }, host),
    ]),
}

interface Place {
  readonly what: string
  readonly path: string | undefined
  readonly variable: string
}

async function checkDirectory({ what, path, variable }: Place, host: Host): Promise<HealthFinding> {
  if (path === undefined)
    return { status: 'warning', message: `there is no place for ${what}`, hint: `Set HOME or ${variable}` }
  const info = await host.fs.stat(path)
  if (!info) return { status: 'ok', message: `${what}: ${path} is made when it is needed`, hint: null }
  if (info.kind !== 'directory')
    return { status: 'error', message: `${what}: ${path} is not a directory`, hint: 'Move it out of the way' }
  const trouble = explainForeignControl(info, host)
  if (!trouble) return { status: 'ok', message: `${what}: ${path}`, hint: null }
  const hint = `Remove it, or make it yours alone: chown and chmod 700 ${toShellWord(path)}`
  return { status: 'error', message: `${what}: ${path} ${trouble}, so nothing is kept there`, hint }
}
