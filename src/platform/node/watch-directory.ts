import path from 'node:path'
import { watch } from 'chokidar'
import { errorMessage } from '../../lib/errors.ts'
import type { DirectoryWatch, DirectoryWatcher } from '../host.ts'
import { clock } from './clock.ts'

/** How long the first scan of the directory may take, in milliseconds: changes before its end may go unseen. */
const readyMs = 5000

/** See `Host`. */
export async function watchDirectory(request: DirectoryWatch): Promise<DirectoryWatcher> {
  const { directory, names, onChange, onTrouble } = request
  const watched = new Set([directory, ...names.map(name => path.join(directory, name))])
  const watcher = watch(directory, {
    depth: 0,
    ignoreInitial: true,
    ignored: file => !watched.has(path.normalize(file)),
    ignorePermissionErrors: true,
  })
  watcher.on('all', () => onChange())
  watcher.on('error', error => onTrouble(errorMessage(error)))
  const ready = new AbortController()
  watcher.once('ready', () => ready.abort())
  await clock.sleep(readyMs, ready.signal).catch(() => undefined)
  return { close: () => watcher.close() }
}
