import { errorMessage } from '../../lib/errors.ts'
import type { DirectoryWatcher, Host } from '../../platform/host.ts'
import { type FileState, type WatchedFile, watchFiles } from '../../registry/home/watched-file.ts'
import { type RegistryName, registryFiles, registryNames } from '../../registry/schema/names.ts'
import { hashInThread, type ThreadHost } from './large-home.ts'

type WatcherHost = Pick<Host, 'fs' | 'watchDirectory'>

interface Listeners {
  readonly onChange: () => void
  /** Called once for each directory that cannot be watched: then the next poll finds edits. */
  readonly onError: (reason: string) => void
}

/** Watches the registry files of a home, also when its directory is replaced. */
export interface HomeWatcher {
  /** Watches again when the home is another directory than before. Never rejects. */
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
      const reportOnce = once(listeners.onError)
      try {
        watcher = await host.watchDirectory({
          directory: await host.fs.realPath(home),
          names: Object.values(registryFiles),
          onChange: listeners.onChange,
          onTrouble: reportOnce,
        })
      } catch (error) {
        reportOnce(errorMessage(error))
      }
    },
    close,
  }
}

function once(report: (reason: string) => void): (reason: string) => void {
  let isReported = false
  return reason => {
    if (!isReported) report(reason)
    isReported = true
  }
}

type FinderHost = ThreadHost & Pick<Host, 'path' | 'clock'>

/** Finds edits of registry files. Detections are no edits: the content of `detected` is ignored. */
export interface EditFinder {
  /** Remembers the current content. */
  readonly begin: (interrupted: AbortSignal) => Promise<void>
  /** Registries whose content has changed since the last check. */
  readonly check: (interrupted: AbortSignal) => Promise<RegistryName[]>
}

interface Seen {
  readonly state: FileState | undefined
  /** SHA-256 of the text without `detected`; empty for none. */
  readonly hash: string
}

/** Remembers a hash of each file and reads only those whose identity has changed. */
export function createEditFinder(home: string, host: FinderHost): EditFinder {
  const seen = new Map<RegistryName, Seen>()
  const checkFile = async (name: RegistryName, { path, state }: WatchedFile, interrupted: AbortSignal) => {
    const before = seen.get(name)
    if (before && isSame(before.state, state)) return false
    const file = state && { path, size: state.size }
    const hash = file === undefined ? '' : await hashInThread(file, { ...host, interrupted })
    seen.set(name, { state, hash })
    return before !== undefined && before.hash !== hash
  }
  const check = async (interrupted: AbortSignal) => {
    const paths = registryNames.map(name => host.path.join(home, registryFiles[name]))
    const files = await watchFiles(paths, host)
    const edited = await Promise.all(
      registryNames.map((name, index) => {
        const file = files[index]
        return file ? checkFile(name, file, interrupted) : false
      }),
    )
    return registryNames.filter((_, index) => edited[index])
  }
  return {
    begin: async interrupted => {
      seen.clear()
      await check(interrupted)
    },
    check,
  }
}

function isSame(left: FileState | undefined, right: FileState | undefined): boolean {
  return left?.inode === right?.inode && left?.size === right?.size && left?.modifiedMs === right?.modifiedMs
}
