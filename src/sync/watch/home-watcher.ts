import { errorMessage } from '../../lib/errors.ts'
import type { DirectoryWatcher } from '../../platform/directory-watch.ts'
import type { Host } from '../../platform/host.ts'
import { registryFiles } from '../../registry/schema/names.ts'

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

function once(tell: (reason: string) => void): (reason: string) => void {
  let isTold = false
  return reason => {
    if (!isTold) tell(reason)
    isTold = true
  }
}
