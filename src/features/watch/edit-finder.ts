import type { Host } from '../../core/host.ts'
import { limits } from '../../core/limits.ts'
import { type RegistryName, registryFiles, registryNames } from '../../schema/names.ts'
import { type FileState, watchFiles } from '../../store/watched-file.ts'
import { withoutDetected } from '../../store/without-detected.ts'

type FinderHost = Pick<Host, 'fs' | 'path' | 'clock' | 'sha256'>

/** Tells what was edited from what a sync found: only the latter is in `detected`, whichever process wrote it. */
export interface EditFinder {
  /** Takes what the registries say now for what is known. */
  begin(): Promise<void>
  /** Registries that say something else than at the last look. */
  look(): Promise<RegistryName[]>
}

interface Seen {
  readonly state: FileState | undefined
  /** SHA-256 of the text without `detected`; empty for none. */
  readonly print: string
}

/** Remembers a hash of each file and reads only those whose identity has changed. */
export function createEditFinder(home: string, host: FinderHost): EditFinder {
  const seen = new Map<RegistryName, Seen>()
  const lookAt = async (name: RegistryName, state: FileState | undefined, path: string): Promise<boolean> => {
    const before = seen.get(name)
    if (before && isSame(before.state, state)) return false
    const print = state === undefined ? '' : await loadPrint(path, host)
    seen.set(name, { state, print })
    return before !== undefined && before.print !== print
  }
  const look = async () => {
    const paths = registryNames.map(name => host.path.join(home, registryFiles[name]))
    const files = await watchFiles(paths, host)
    const edited = await Promise.all(
      registryNames.map((name, index) => {
        const file = files[index]
        return file ? lookAt(name, file.state, file.path) : false
      }),
    )
    return registryNames.filter((_, index) => edited[index])
  }
  return {
    begin: async () => {
      seen.clear()
      await look()
    },
    look,
  }
}

async function loadPrint(path: string, { fs, sha256 }: FinderHost): Promise<string> {
  const text = await fs.readText(path, limits.fileBytes).catch(() => undefined)
  return text === undefined ? '' : sha256(withoutDetected(text))
}

function isSame(left: FileState | undefined, right: FileState | undefined): boolean {
  return left?.inode === right?.inode && left?.size === right?.size && left?.modifiedMs === right?.modifiedMs
}
