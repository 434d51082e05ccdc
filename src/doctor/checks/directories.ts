import { toShellWord } from '../../lib/shell/quote.ts'
import type { Host } from '../../platform/host.ts'
import { cacheDirectory, explainForeignControl, stateDirectory } from '../../registry/home/directories.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check } from '../check.ts'

/** Whether caches and trust have a directory that other users cannot change. */
export const directoriesCheck: Check = {
  name: 'directories',
  run: async ({ host }) =>
    Promise.all([
      checkDirectory({ what: 'caches', path: cacheDirectory(host), variable: 'XDG_CACHE_HOME' }, host),
      checkDirectory({ what: 'trust', path: stateDirectory(host), variable: 'XDG_STATE_HOME' }, host),
    ]),
}

interface CheckedDirectory {
  readonly what: string
  readonly path: string | undefined
  readonly variable: string
}

async function checkDirectory(
  { what, path, variable }: CheckedDirectory,
  host: Host,
): Promise<HealthFinding> {
  if (path === undefined)
    return { status: 'warning', message: `no directory for ${what}`, hint: `Set HOME or ${variable}` }
  const info = await host.fs.stat(path)
  if (!info) return { status: 'ok', message: `${what}: ${path} is created when needed`, hint: null }
  if (info.kind !== 'directory')
    return { status: 'error', message: `${what}: ${path} is not a directory`, hint: 'Move it out of the way' }
  const reason = explainForeignControl(info, host)
  if (!reason) return { status: 'ok', message: `${what}: ${path}`, hint: null }
  const hint = `Remove it, or make it private: chown and chmod 700 ${toShellWord(path)}`
  return { status: 'error', message: `${what}: ${path} ${reason}, so it is not used`, hint }
}
