import type { Host } from '../../platform/host.ts'
import { type FileState, type WatchedFile, watchFiles } from '../../registry/home/watched-file.ts'
import { type RegistryName, registryFiles, registryNames } from '../../registry/schema/names.ts'
import { hashAnyRegistry, type ThreadHost } from './large-home.ts'

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
