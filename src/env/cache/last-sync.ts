import type { UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, storedName } from '../../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import type { WatchedFile } from '../../registry/home/watched-file.ts'

/** What the detections in a home's files are the answer to. */
export interface SyncMark {
  /** Registry home, absolute. */
  readonly home: string
  /** See `renderQuestion`. */
  readonly question: string
  /** PATH as it was spelled: by its elements the detections name where a program is. */
  readonly searchPath: string | undefined
  /** The home's registry files as that sync left them: another one may have written in them since. */
  readonly files: readonly WatchedFile[]
  /** Interpreter that was named explicitly. */
  readonly python: string | undefined
}

/** Largest mark that is read, in bytes. */
const markBytes = 1024 * 1024

/** Keeps what the last whole sync of a home answered. Without a cache directory nothing happens. */
export async function saveSyncMark(mark: SyncMark, host: UserFilesHost): Promise<void> {
  const path = markPath(mark.home, host)
  if (path !== undefined) await writePrivateFile(path, JSON.stringify(mark), host, { isDurable: false })
}

/** Whether the home's files hold the answer to this very question. */
export async function isSyncMark(mark: SyncMark, host: UserFilesHost): Promise<boolean> {
  const path = markPath(mark.home, host)
  const text = path && (await readPrivateFile(path, markBytes, host).catch(() => undefined))
  return text === JSON.stringify(mark)
}

function markPath(home: string, host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'syncs', `${storedName(home, host)}.json`)
}
