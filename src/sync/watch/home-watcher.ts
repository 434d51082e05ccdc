import { errorMessage } from '../../lib/errors.ts'
import type { DirectoryWatcher, Host } from '../../platform/host.ts'
import { type FileState, type WatchedFile, watchFiles } from '../../registry/home/watched-file.ts'
import { type RegistryName, registryFiles, registryNames } from '../../registry/schema/names.ts'
import { hashAnyRegistry, type ThreadHost } from './large-home.ts'

type WatcherHost = Pick<Host, 'fs' | 'watchDirectory'>

interface Listeners {
  readonly onChange: () => void
  /** Told once for each directory: edits are seen at the next poll then. */
  readonly onTrouble: (reason: string) => void
}

/** Watches the registry files of a home, whichever directory that is by now. */
export interface HomeWatcher {
  /** Begins anew when the home is another directory than before, or was none. Never rejects. */
  renew(): Promise<void>
  close(): Promise<void>
}

export function createHomeWatcher(home: string, listeners: Listeners, host: WatcherHost): HomeWatcher {
  let watched: string | undefined
  let watcher: DirectoryWatcher | undefined
  const close = async () => {
    const old = watcher
    watcher = undefined
    await old?.close()
  }
  return {
    renew: async () => {
      const info = await host.fs.stat(home).catch(() => undefined)
      const directory = info && `${info.device} ${info.inode}`
      if (directory === watched) return
      await close()
      watched = directory
      if (directory === undefined) return
      const tellOnce = once(listeners.onTrouble)
      try {
        watcher = await host.watchDirectory({
          directory: await host.fs.realPath(home),
          names: Object.values(registryFiles),
          onChange: listeners.onChange,
          onTrouble: tellOnce,
        })
      } catch (error) {
        tellOnce(errorMessage(error))
      }
    },
    close,
  }
}

function once(log: (reason: string) => void): (reason: string) => void {
  let isTold = false
  return reason => {
    if (!isTold) log(reason)
    isTold = true
  }
}

type FinderHost = ThreadHost & Pick<Host, 'path' | 'clock'>

/** Tells what was edited from what a sync found: only the latter is in `detected`, whichever process wrote it. */
export interface EditFinder {
  /** Takes what the registries say now for what is known. */
  readonly begin: (interrupted: AbortSignal) => Promise<void>
  /** Registries that say something else than at the last look. */
  readonly look: (interrupted: AbortSignal) => Promise<RegistryName[]>
}

interface Seen {
  readonly state: FileState | undefined
  /** SHA-256 of the text without `detected`; empty for none. */
  readonly print: string
}

/** Remembers a hash of each file and reads only those whose identity has changed. */
export function createEditFinder(home: string, host: FinderHost): EditFinder {
  const seen = new Map<RegistryName, Seen>()
  const lookAt = async (name: RegistryName, { path, state }: WatchedFile, interrupted: AbortSignal) => {
    const before = seen.get(name)
    if (before && isSame(before.state, state)) return false
    const file = state && { path, size: state.size }
    const print = file === undefined ? '' : await hashAnyRegistry(file, { ...host, interrupted })
    seen.set(name, { state, print })
    return before !== undefined && before.print !== print
  }
  const look = async (interrupted: AbortSignal) => {
    const paths = registryNames.map(name => host.path.join(home, registryFiles[name]))
    const files = await watchFiles(paths, host)
    const edited = await Promise.all(
      registryNames.map((name, index) => {
        const file = files[index]
        return file ? lookAt(name, file, interrupted) : false
      }),
    )
    return registryNames.filter((_, index) => edited[index])
  }
  return {
    begin: async interrupted => {
      seen.clear()
      await look(interrupted)
    },
    look,
  }
}

function isSame(left: FileState | undefined, right: FileState | undefined): boolean {
  return left?.inode === right?.inode && left?.size === right?.size && left?.modifiedMs === right?.modifiedMs
}
